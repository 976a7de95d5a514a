// SPDX-License-Identifier: Apache-2.0
/** What it costs to be scraped. */
@NullMarked
package dev.hyperion.benchmarks.scrape;

import org.jspecify.annotations.NullMarked;
