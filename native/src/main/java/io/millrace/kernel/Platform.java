package io.millrace.kernel;

import java.util.Locale;

/** The name of the platform this JVM runs on. */
final class Platform {
  private Platform() {}

  /**
   * For instance "linux-x86_64": system and architecture, as {@code src/main/c/build} spells it.
   */
  static String name() {
    return name(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static String name(String os, String arch) {
    String system =
        switch (os) {
          case "Linux" -> "linux";
          case String mac when mac.startsWith("Mac") -> "macos";
          default -> os.toLowerCase(Locale.ROOT).replace(' ', '-');
        };
    return switch (arch) {
      case "amd64", "x86_64" -> system + "-x86_64";
      case "arm64", "aarch64" -> system + "-aarch64";
      default -> system + "-" + arch;
    };
  }
}
