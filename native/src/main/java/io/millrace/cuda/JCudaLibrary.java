package io.millrace.cuda;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.LibraryCache;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import jcuda.runtime.JCuda;

/**
 * Loads JCuda's native library, if there is a driver that it could use.
 *
 * <p>JCuda by itself takes any file of the right name in the temporary folder, where every user can
 * put one, and where its own may have been cut short. So its library is unpacked to the user's
 * {@link LibraryCache} first, and JCuda gets that folder as the temporary folder while it loads.
 * Thread-safe.
 */
final class JCudaLibrary {
  /** The version of the JCuda on the class path, which its library has in its name. */
  static final String VERSION = "12.6.0";

  private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

  private static boolean loaded;

  private JCudaLibrary() {}

  /**
   * Does nothing if it is loaded.
   *
   * @throws CudaException if there is no driver, JCuda is not on the class path, or its library
   *     cannot be loaded
   */
  static synchronized void load() {
    if (!loaded) {
      requireDriver();
      try {
        load(unpack().getParent());
      } catch (NoClassDefFoundError _) {
        throw new CudaException("CUDA needs the library jcuda on the class path");
      } catch (IOException | LinkageError | BadInputException e) {
        throw new CudaException(
            "the native library of JCuda cannot be loaded: " + LibraryCache.whyNotLoaded(e));
      }
      loaded = true;
    }
  }

  private static void load(Path folder) {
    String before = System.getProperty(TEMPORARY_FOLDER);
    System.setProperty(TEMPORARY_FOLDER, folder.toString());
    try {
      JCuda.initialize();
    } finally {
      System.setProperty(TEMPORARY_FOLDER, before);
    }
  }

  /** The library in the cache, under the name that JCuda looks for. */
  private static Path unpack() throws IOException {
    String name = System.mapLibraryName("JCudaRuntime-" + VERSION + "-" + platform());
    try (InputStream library = JCuda.class.getResourceAsStream("/lib/" + name)) {
      if (library == null) {
        throw new IOException(name + " is not on the class path");
      }
      return LibraryCache.unpack(library.readAllBytes(), name, LibraryCache.folder());
    }
  }

  private static String platform() {
    return (windows() ? "windows-" : "linux-")
        + (System.getProperty("os.arch").equals("amd64")
            ? "x86_64"
            : System.getProperty("os.arch"));
  }

  @SuppressWarnings("restricted")
  private static void requireDriver() {
    String driver = windows() ? "nvcuda.dll" : "libcuda.so.1";
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(driver, arena);
    } catch (IllegalArgumentException _) {
      throw new CudaException("no NVIDIA driver: " + driver + " cannot be loaded");
    } catch (IllegalCallerException _) {
      throw new CudaException("CUDA needs native access: flag=--enable-native-access=ALL-UNNAMED");
    }
  }

  private static boolean windows() {
    return System.getProperty("os.name").startsWith("Windows");
  }
}
