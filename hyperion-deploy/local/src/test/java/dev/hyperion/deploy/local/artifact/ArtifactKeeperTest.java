// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.spi.PreparedArtifact;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactKeeperTest {
    @TempDir
    private Path temp;

    private ArtifactKeeper keeper() {
        return new ArtifactKeeper(temp.resolve("kept"), new ArchiveLimits(10, 10_000));
    }

    private static Deadline deadline() {
        return Deadline.in(HyperionClock.system(), Duration.ofSeconds(10));
    }

    /** What goes into an archive. */
    private interface Filling {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    private Path archive(Filling filling) throws IOException {
        Path archive = temp.resolve("a.tar.gz");
        try (OutputStream file = Files.newOutputStream(archive);
                GzipCompressorOutputStream zipped = new GzipCompressorOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(zipped)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            filling.into(tar);
        }
        return archive;
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target, byte kind) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private PreparedArtifact prepare(Path source) {
        return keeper().prepare(new ArtifactRef(source.toString(), Optional.empty()), deadline());
    }

    private void nothingIsKept() throws IOException {
        if (Files.exists(temp.resolve("kept"))) {
            try (Stream<Path> kept = Files.list(temp.resolve("kept"))) {
                assertThat(kept).isEmpty();
            }
        }
    }

    @Test
    void anArchiveIsUnpackedWithItsExecutables() throws IOException {
        PreparedArtifact prepared = prepare(archive(tar -> {
            file(tar, "bin/run", 0755, "#!/bin/sh\n");
            file(tar, "lib/a.txt", 0644, "a");
            link(tar, "lib/b.txt", "a.txt", TarConstants.LF_SYMLINK);
        }));
        Path kept = Path.of(prepared.location());
        assertThat(kept.getFileName()).hasToString(prepared.digest());
        assertThat(kept.resolve("bin/run")).isExecutable();
        assertThat(Files.isExecutable(kept.resolve("lib/a.txt"))).isFalse();
        assertThat(kept.resolve("lib/b.txt")).hasContent("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/etc/evil", "a/../../evil"})
    void anEntryThatEscapesItsFolderIsRefused(String name) throws IOException {
        Path archive = archive(tar -> {
            file(tar, "good", 0644, "good");
            file(tar, name, 0644, "evil");
        });
        assertThatThrownBy(() -> prepare(archive))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("outside");
        nothingIsKept();
    }

    @Test
    void aLinkOutOfTheFolderIsRefused() throws IOException {
        Path archive = archive(tar -> link(tar, "out", "../../etc", TarConstants.LF_SYMLINK));
        assertThatThrownBy(() -> prepare(archive)).hasMessageContaining("is a link to ../../etc");
        nothingIsKept();
    }

    @Test
    void aLinkThatLeavesTheFolderThroughAnotherOneIsRefused() throws IOException {
        Path archive = archive(tar -> {
            file(tar, "a/b/x", 0644, "x");
            link(tar, "a/b/l", "../..", TarConstants.LF_SYMLINK);
            link(tar, "m", "a/b/l/..", TarConstants.LF_SYMLINK);
        });
        assertThatThrownBy(() -> prepare(archive)).hasMessageContaining("leads outside of its folder");
        nothingIsKept();
    }

    @Test
    void anEntryThroughALinkIsRefused() throws IOException {
        Path archive = archive(tar -> {
            file(tar, "real/x", 0644, "x");
            link(tar, "way", "real", TarConstants.LF_SYMLINK);
            file(tar, "way/y", 0644, "y");
        });
        assertThatThrownBy(() -> prepare(archive)).hasMessageContaining("through the link way");
        nothingIsKept();
    }

    @Test
    void whatIsNoFileAndWhatIsThereTwiceIsRefused() throws IOException {
        Path device = archive(tar -> link(tar, "null", "", TarConstants.LF_CHR));
        assertThatThrownBy(() -> prepare(device)).hasMessageContaining("neither a file");
        Path twice = archive(tar -> {
            file(tar, "a", 0644, "1");
            file(tar, "a", 0644, "2");
        });
        assertThatThrownBy(() -> prepare(twice)).hasMessageContaining("is there twice");
        nothingIsKept();
    }

    @Test
    void tooMuchIsRefused() throws IOException {
        Path large = archive(tar -> file(tar, "zeros", 0644, "0".repeat(20_000)));
        assertThatThrownBy(() -> prepare(large)).hasMessageContaining("more than 10000 bytes");
        Path many = archive(tar -> {
            for (int i = 0; i < 11; i++) {
                file(tar, "f" + i, 0644, "");
            }
        });
        assertThatThrownBy(() -> prepare(many)).hasMessageContaining("more than 10 entries");
        nothingIsKept();
    }

    @Test
    void anotherDigestIsToldWithBothAndNothingIsKept() throws IOException {
        Path archive = archive(tar -> file(tar, "a", 0644, "a"));
        ArtifactRef wrong = new ArtifactRef(archive.toString(), Optional.of("0".repeat(64)));
        assertThatThrownBy(() -> keeper().prepare(wrong, deadline()))
                .hasMessageContaining("has the sha256")
                .hasMessageContaining("not " + "0".repeat(64));
        nothingIsKept();
    }

    @Test
    void aFolderIsDigestedByItsContentAndKeptAsItWas() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("folder/bin"));
        Files.writeString(folder.resolve("run"), "one");
        PreparedArtifact one = prepare(folder.getParent());
        Files.writeString(folder.resolve("run"), "two");
        PreparedArtifact two = prepare(folder.getParent());
        assertThat(two.digest()).isNotEqualTo(one.digest());
        assertThat(Path.of(one.location()).resolve("bin/run")).hasContent("one");
        ArtifactRef first = new ArtifactRef(folder.getParent().toString(), Optional.of(one.digest()));
        assertThat(keeper().prepare(first, deadline()))
                .as("kept, so not fetched again")
                .isEqualTo(one);
    }
}
