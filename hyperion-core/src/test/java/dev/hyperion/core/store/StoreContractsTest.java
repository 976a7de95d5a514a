// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import dev.hyperion.spi.StateStore;
import dev.hyperion.tck.StateStoreContract;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class StoreContractsTest {
    @Nested
    class Memory extends StateStoreContract {
        @Override
        protected StateStore store() {
            return new MemoryStateStore();
        }
    }

    @Nested
    class Sqlite extends StateStoreContract {
        @TempDir
        private Path folder;

        @Override
        protected StateStore store() {
            Properties properties = new Properties();
            properties.setProperty("journal_mode", "WAL");
            return JdbcStateStore.open(
                    "jdbc:sqlite:" + folder.resolve("state.db"), properties, "org.xerial:sqlite-jdbc");
        }
    }
}
