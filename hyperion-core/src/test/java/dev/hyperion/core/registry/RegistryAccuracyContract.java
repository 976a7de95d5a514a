// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every claim of {@link RegistryChecks} as a test. */
abstract class RegistryAccuracyContract {
    /** A fresh registry for each claim. */
    abstract RegistryChecks.Subject subject();

    @TestFactory
    Stream<DynamicTest> theRegistryIsAccurate() {
        return RegistryChecks.all().stream()
                .map(check -> DynamicTest.dynamicTest(
                        check.name(), () -> check.claim().accept(subject())));
    }
}
