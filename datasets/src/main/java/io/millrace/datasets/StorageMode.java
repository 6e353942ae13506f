package io.millrace.datasets;

/** Where a dataset's graph and features lie while it is open. */
public enum StorageMode {
  /**
   * In memory if the files together take at most a quarter of what the system has to give when they
   * are opened, else mapped.
   */
  AUTO,
  /** In the files, mapped: opening takes no time, and the data may be larger than memory. */
  MAPPED,
  /**
   * Copied into memory, on huge pages where the system has them: opening reads all of it, and
   * sampling is some 10 % faster, for a page of 2 MiB needs 512 times fewer address translations.
   */
  IN_MEMORY;

  /** What {@link #AUTO} comes to for files of so many bytes; the others stay what they are. */
  StorageMode resolve(long bytes, long availableBytes) {
    if (this != AUTO) {
      return this;
    }
    return bytes <= availableBytes / 4 ? IN_MEMORY : MAPPED;
  }
}
