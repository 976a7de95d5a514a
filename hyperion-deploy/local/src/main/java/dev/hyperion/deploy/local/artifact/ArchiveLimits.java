// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.artifact;

/**
 * What an archive may be at most, so that a small file does not fill the disk.
 *
 * @param entries files and folders
 * @param bytes of all files together, unpacked
 */
public record ArchiveLimits(int entries, long bytes) {}
