package io.millrace.cuda;

/** How much memory a GPU has, and how much of it nobody has allocated. */
public record DeviceMemoryInfo(long freeBytes, long totalBytes) {}
