package io.millrace.training.torch;

import io.millrace.BadInputException;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The libtorch that the user brings: {@code PYTORCH_LIBRARY_PATH} names the folder of its
 * libraries. Without it, DJL unpacks the one on the class path, if there is one.
 *
 * <p>Looks at the folder before DJL does, which would pass over one without libtorch and load one
 * of another version, and tells DJL which of its JNI libraries goes with it: that for CUDA, or that
 * for the CPU. Stateless. The next class to read is {@link LibTorchVersion}.
 */
final class UserLibTorch {
  static final String VARIABLE = "PYTORCH_LIBRARY_PATH";

  /** DJL takes it from the environment or from here. */
  private static final String FLAVOR = "PYTORCH_FLAVOR";

  private static final String ON_CLASS_PATH = "native/lib/pytorch.properties";

  private UserLibTorch() {}

  /**
   * Comes before DJL's engine starts.
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
   * Asks libtorch itself; if it cannot be opened alone, DJL's start will tell.
   *
   * <p>The part for CUDA comes first: libtorch looks for it once, when it is first asked for
   * anything of CUDA's, as it is for its version; without it, it has no GPU for good.
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

  /** As DJL names its JNI libraries; that for CUDA is built with 12.8. */
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
            .formatted(VARIABLE, given().orElse("(not set)"), LibTorchVersion.jniVersion(), cause),
        cause);
  }
}
