// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    @TempDir
    private Path folder;

    @Test
    void instancesThatStartAtOnceUseOneKey() throws Exception {
        int instances = 4;
        ExecutorService threads = Executors.newFixedThreadPool(instances);
        try {
            for (int round = 0; round < 50; round++) {
                Path file = folder.resolve("key" + round);
                CyclicBarrier together = new CyclicBarrier(instances);
                List<Future<Secret>> keys = new ArrayList<>();
                for (int i = 0; i < instances; i++) {
                    keys.add(threads.submit(() -> {
                        together.await();
                        return ApiKeys.own(file);
                    }));
                }
                Set<String> told = new HashSet<>();
                for (Future<Secret> key : keys) {
                    told.add(key.get().reveal());
                }

                assertThat(told).hasSize(1).allMatch(key -> key.length() >= 32);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        } finally {
            threads.shutdownNow();
        }
        try (var left = Files.list(folder)) {
            assertThat(left).as("nothing but the keys is left").hasSize(50);
        }
    }
}
