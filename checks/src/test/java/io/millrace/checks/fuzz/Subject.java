package io.millrace.checks.fuzz;

import java.nio.file.Path;

/**
 * Something that is read, in a whole state.
 *
 * @param sealed whether any change of it must be noticed, for it carries checksums
 */
record Subject(String name, Folder folder, boolean sealed, Reader reader) {

  /** Reads what lies in a folder. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param folder what is read
     * @param out what may be written; nothing may be there after a failure
     * @throws io.millrace.BadInputException if it is refused
     */
    void read(Path folder, Path out) throws Exception;
  }
}
