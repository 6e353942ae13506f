package io.millrace.datasets;

import io.millrace.datasets.platform.AvailableMemory;

/** Where the graph and the features of a dataset are kept while it is open. */
public enum StorageMode {
  /**
   * In memory if all files together take at most a quarter of the memory that is available when
   * they are opened, mapped if they take at most half of it, else on disk.
   */
  AUTO,
  /** In the files, mapped: opening takes no time, and the data may be larger than memory. */
  MAPPED,
  /**
   * Mapped, but training and sampling read the features of all nodes of a batch at once from their
   * file: for features that memory does not hold. Without io_uring (Linux) as {@link #MAPPED}.
   */
  DISK,
  /**
   * Copied into memory, on huge pages where the system has them: opening reads all of it, and
   * sampling is some 10 % faster, because pages of 2 MiB need 512 times fewer address translations.
   */
  IN_MEMORY;

  /** The mode to use for a dataset now: {@link #AUTO} becomes one of the others. */
  StorageMode resolve(DatasetDescription description) {
    return resolve(description.totalBytes(), AvailableMemory.availableBytes());
  }

  /** The mode to use for files of this size: {@link #AUTO} becomes one of the others. */
  StorageMode resolve(long bytes, long availableBytes) {
    if (this != AUTO) {
      return this;
    }
    if (bytes <= availableBytes / 4) {
      return IN_MEMORY;
    }
    return bytes <= availableBytes / 2 ? MAPPED : DISK;
  }
}
