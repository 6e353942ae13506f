package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Turns an I/O error into one line that names the file. Stateless. */
@Internal
public final class IoErrors {
  private IoErrors() {}

  /**
   * Refuses what exists and is no regular file, before it is opened: opening a pipe waits for ever,
   * and a device has no end. A missing file is left to whatever opens it.
   *
   * @throws BadInputException if it is a directory, a pipe, a socket or a device
   */
  public static void requireRegular(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw BadInputException.of("need a regular file", "file", file);
    }
  }

  /**
   * Refuses a file whose folder does not exist, before the work for it begins.
   *
   * @param what it is, for instance "report"
   * @param option that names it
   * @throws BadInputException if there is no such folder
   */
  public static void requireFolder(Path file, String what, String option) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw BadInputException.of("the folder of a " + what + " must exist", option, file);
    }
  }

  public static BadInputException cannotRead(Path file, IOException e) {
    return new BadInputException("cannot read: file=" + file + ", cause=" + cause(e), e);
  }

  /**
   * @param what the part being written, for instance "features"
   */
  public static BadInputException cannotWrite(Path file, String what, IOException e) {
    return new BadInputException(
        "cannot write: file=" + file + ", writing=" + what + ", cause=" + cause(e), e);
  }

  /** The cause in a few words, without the name of the file. */
  public static String cause(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "not a directory";
      case CharacterCodingException _ -> "not UTF-8 text";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
