// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What the operating system and the JVM tell about this process. Thread-safety: thread-safe. */
public interface ProcessStats {
    /**
     * Returns the CPU time that all threads of this process have used so far.
     *
     * @return nanoseconds; empty where the platform does not tell
     */
    OptionalLong cpuNanos();

    /**
     * Returns the processors that this process may use, which a container's limit lowers.
     *
     * @return at least 1
     */
    int processors();

    /**
     * Returns how busy the whole machine, or the container, is.
     *
     * @return 0 to 1; empty where the platform does not tell
     */
    OptionalDouble machineLoad();

    /**
     * Returns the heap in use.
     *
     * @return bytes
     */
    long heapBytes();

    /**
     * Returns the JVM's own memory in use outside the heap.
     *
     * @return bytes
     */
    long nonHeapBytes();

    /**
     * Returns the physical memory that the process holds.
     *
     * @return bytes; empty where the platform does not tell (it takes Linux' {@code /proc})
     */
    OptionalLong residentBytes();

    /**
     * Returns the stats of the running JVM.
     *
     * @return stats read at each call
     */
    static ProcessStats ofThisJvm() {
        return new JvmProcessStats();
    }
}
