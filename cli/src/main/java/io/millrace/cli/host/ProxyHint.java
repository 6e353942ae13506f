package io.millrace.cli.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which proxies are there that a server can be put behind. Stateless. */
final class ProxyHint {
  private static final List<String> PROXIES =
      List.of("nginx", "haproxy", "caddy", "traefik", "envoy", "httpd", "apache2");

  /** Debian's place for them, which a user's PATH often lacks. */
  private static final List<String> MORE_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");

  private static final String SEE = "serve listens on loopback; behind a proxy: docs/serve.md";

  private ProxyHint() {}

  /**
   * One line.
   *
   * @param path the PATH of the environment
   */
  static String of(String path) {
    List<String> found =
        Stream.concat(Arrays.stream(path.split(File.pathSeparator)), MORE_FOLDERS.stream())
            .filter(folder -> !folder.isEmpty())
            .distinct()
            .flatMap(folder -> PROXIES.stream().map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .toList();
    return (found.isEmpty() ? "none found" : String.join(", ", found)) + "; " + SEE;
  }
}
