// SPDX-License-Identifier: Apache-2.0
/** Reads plan files. Its door is {@link dev.hyperion.deploy.spec.PlanFile}. */
@NullMarked
package dev.hyperion.deploy.spec;

import org.jspecify.annotations.NullMarked;
