package io.millrace.cuda;

/** The memory of a GPU, in bytes: free and in total. */
public record DeviceMemoryInfo(long freeBytes, long totalBytes) {}
