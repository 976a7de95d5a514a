// SPDX-License-Identifier: Apache-2.0
/**
 * Replicas as processes of this machine. {@code ProcessDeployBackend} is told what should be, {@code Supervisor} brings it
 * about, {@code ReplicaFiles} remembers it, {@code ReplicaProcess} starts, finds and ends single processes.
 */
@NullMarked
package dev.hyperion.deploy.local.process;

import org.jspecify.annotations.NullMarked;
