// SPDX-License-Identifier: Apache-2.0
/** Artifacts: digested, unpacked with care, and kept by digest. The door is {@code ArtifactKeeper}. */
@NullMarked
package dev.hyperion.deploy.local.artifact;

import org.jspecify.annotations.NullMarked;
