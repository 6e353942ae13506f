package io.millrace.datasets.platform;

/**
 * Size and checksum of a file, as {@code dataset.yaml} keeps them.
 *
 * @param bytes the file's size in bytes
 * @param sha256 the file's checksum, 64 lower-case hex digits
 */
public record FileEntry(long bytes, String sha256) {}
