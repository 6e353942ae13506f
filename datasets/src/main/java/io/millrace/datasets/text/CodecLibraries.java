package io.millrace.datasets.text;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.util.ZstdVersion;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.LibraryCache;
import java.io.IOException;
import java.io.InputStream;

/**
 * Where the native libraries of codecs are loaded from: the user's {@link LibraryCache}, not the
 * temporary folder, which may be mounted without the right to execute. What the user has set by the
 * libraries' own properties is kept. zstd-jni is optional. Thread-safe.
 */
final class CodecLibraries {
  private static final String ZSTD_FILE = "ZstdNativePath";
  private static final String ZSTD_FOLDER = "ZstdTempFolder";
  private static final String SNAPPY_FOLDER = "org.xerial.snappy.tempdir";

  private static final boolean HAS_ZSTD = isOnClassPath("com.github.luben.zstd.ZstdInputStream");

  static {
    try {
      if (HAS_ZSTD) {
        prepareZstd();
      }
      set(SNAPPY_FOLDER);
    } catch (IOException | BadInputException _) {
      // They unpack themselves to the temporary folder, to files of random names.
    }
  }

  private CodecLibraries() {}

  /** Comes before a codec is used; does something the first time only. */
  static void prepare() {
    // the class is initialised
  }

  /** Whether zstd-jni is on the class path. */
  static boolean hasZstd() {
    return HAS_ZSTD;
  }

  private static boolean isOnClassPath(String name) {
    try {
      Class.forName(name, false, CodecLibraries.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private static void prepareZstd() throws IOException {
    String name = "libzstd-jni-" + ZstdVersion.VERSION + ".so";
    String resource = "/linux/" + System.getProperty("os.arch") + "/" + name;
    try (InputStream library = ZstdInputStream.class.getResourceAsStream(resource)) {
      boolean given =
          System.getProperty(ZSTD_FILE) != null || System.getProperty(ZSTD_FOLDER) != null;
      if (library != null && !given && System.getProperty("os.name").equals("Linux")) {
        System.setProperty(
            ZSTD_FILE,
            LibraryCache.unpack(library.readAllBytes(), name, LibraryCache.folder()).toString());
      } else {
        set(ZSTD_FOLDER); // for other systems
      }
    }
  }

  private static void set(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, LibraryCache.folder().toString());
    }
  }
}
