package io.millrace.kernel;

import io.millrace.datasets.platform.LibraryCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Whether the C kernel can be used here, and if not, why: the reason that a fallback reports and
 * that {@code millrace doctor} prints.
 *
 * <p>The library is on the class path, in one folder per platform. If the build found no C
 * compiler, the folder holds the reason instead. Thread-safe.
 */
public sealed interface KernelProbe {

  /**
   * The library is loaded.
   *
   * @param kernel one instance per process
   */
  record Usable(GatherKernel kernel) implements KernelProbe {}

  /**
   * @param reason why the kernel cannot be used, in one line
   */
  record Unusable(String reason) implements KernelProbe {}

  /** Loads the library on the first call; never throws. */
  static KernelProbe run() {
    return OnlyOnce.PROBE;
  }

  /** Holds the result; initialized on the first call of {@link #run}. */
  final class OnlyOnce {
    private static final KernelProbe PROBE = load(Platform.name(), LibraryCache::folder);

    private OnlyOnce() {}
  }

  /**
   * @param platform folder below {@code /native} on the class path
   * @param cache gives the folder to unpack the library to
   */
  static KernelProbe load(String platform, Supplier<Path> cache) {
    String folder = "/native/" + platform + "/";
    String name = System.mapLibraryName("millrace");
    try (InputStream library = KernelProbe.class.getResourceAsStream(folder + name)) {
      if (library == null) {
        return new Unusable(whyNotBuilt(platform, folder));
      }
      loadLibrary(LibraryCache.unpack(library.readAllBytes(), name, cache.get()));
      return new Usable(new GatherKernel());
    } catch (IOException e) {
      return new Unusable("its library cannot be unpacked: " + e);
    } catch (LinkageError | RuntimeException e) {
      return new Unusable("its library cannot be loaded: " + LibraryCache.whyNotLoaded(e));
    }
  }

  @SuppressWarnings("restricted")
  private static void loadLibrary(Path file) {
    System.load(file.toAbsolutePath().toString());
  }

  private static String whyNotBuilt(String platform, String folder) throws IOException {
    try (InputStream text = KernelProbe.class.getResourceAsStream(folder + "why-not.txt")) {
      return text == null
          ? "this build has no native kernel for " + platform
          : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
