// SPDX-License-Identifier: Apache-2.0
/**
 * Which steps lead from what runs to what should run. Pure: the same state and specification give the same steps.
 */
@NullMarked
package dev.hyperion.deploy.plan;

import org.jspecify.annotations.NullMarked;
