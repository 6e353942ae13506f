package io.millrace.training.torch;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.LibraryCache;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The libtorch that the user provides: {@code PYTORCH_LIBRARY_PATH} names the folder of its
 * libraries. Without it, DJL unpacks the one on the class path, if there is one.
 *
 * <p>This class checks the folder before DJL reads it, because DJL would ignore a folder without
 * libtorch and load a libtorch of another version. It also tells DJL which of its JNI libraries to
 * use: the one for CUDA, or the one for the CPU. Stateless. The next class to read is {@link
 * LibTorchVersion}.
 */
final class UserLibTorch {
  static final String VARIABLE = "PYTORCH_LIBRARY_PATH";

  /** DJL takes it from the environment or from this system property. */
  private static final String FLAVOR = "PYTORCH_FLAVOR";

  private static final String ON_CLASS_PATH = "native/lib/pytorch.properties";

  private UserLibTorch() {}

  /**
   * Checks the user's libtorch; call this before DJL's engine starts.
   *
   * @throws BadInputException if the folder has no libtorch, or one of another version
   */
  static void prepare() {
    Optional<String> given = given();
    if (given.isPresent()) {
      Path folder = folder(given.get());
      requireVersion(folder);
      if (System.getenv(FLAVOR) == null) {
        System.setProperty(FLAVOR, flavor(folder));
      }
    }
  }

  private static Optional<String> given() {
    return Optional.ofNullable(System.getenv(VARIABLE)).filter(value -> !value.isBlank());
  }

  /**
   * The first folder with a libtorch.
   *
   * @param path one folder, or several as in {@code PATH}
   */
  static Path folder(String path) {
    return Stream.of(path.split(File.pathSeparator))
        .map(Path::of)
        .filter(folder -> Files.isRegularFile(folder.resolve(library("torch"))))
        .findFirst()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "the folder must hold libtorch's libraries (lib/ of its archive)",
                    VARIABLE,
                    path,
                    "missing",
                    library("torch"),
                    "version",
                    LibTorchVersion.jniVersion()));
  }

  /**
   * Asks libtorch itself; if it cannot be opened alone, DJL's start reports the error.
   *
   * <p>The CUDA library is opened first. Libtorch looks for it once, at the first call that
   * concerns CUDA, and the question for its version is such a call; if the library is missing then,
   * libtorch has no GPU for the rest of the process.
   */
  static void requireVersion(Path folder) {
    if (hasCuda(folder)) {
      open(folder, "torch_cuda");
    }
    open(folder, "torch_cpu")
        .ifPresent(symbols -> LibTorchVersion.requireMatch(symbols, folder.toString()));
  }

  @SuppressWarnings("restricted")
  private static Optional<SymbolLookup> open(Path folder, String library) {
    try {
      return Optional.of(
          SymbolLookup.libraryLookup(folder.resolve(library(library)), Arena.global()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The name by which DJL knows its JNI library; the one for CUDA is built with 12.8. */
  static String flavor(Path folder) {
    return hasCuda(folder) ? "cu128" : "cpu";
  }

  private static boolean hasCuda(Path folder) {
    return Files.exists(folder.resolve(library("torch_cuda")));
  }

  private static String library(String name) {
    return System.mapLibraryName(name);
  }

  /** Why DJL's engine does not start, in one line. */
  static BadInputException notLoaded(Throwable cause) {
    boolean onClassPath = UserLibTorch.class.getClassLoader().getResource(ON_CLASS_PATH) != null;
    if (given().isEmpty() && !onClassPath) {
      return new BadInputException(
          "there is no libtorch: set %s to the folder of the libraries of libtorch %s"
              .formatted(VARIABLE, LibTorchVersion.jniVersion()),
          cause);
    }
    return new BadInputException(
        "libtorch cannot be loaded: %s=%s, version=%s, cause=%s"
            .formatted(
                VARIABLE,
                given().orElse("(not set)"),
                LibTorchVersion.jniVersion(),
                LibraryCache.whyNotLoaded(first(cause), TorchCache.PROPERTY)),
        cause);
  }

  /** What DJL reports has a linker's error as its cause. */
  private static Throwable first(Throwable e) {
    return e.getCause() == null ? e : first(e.getCause());
  }
}
