package io.millrace.datasets.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Linux shows of this process's mapped files. */
public final class MappingFlags {
  private static final Set<String> ADVICE = Set.of("rr", "sr", "hg", "nh");

  private MappingFlags() {}

  /**
   * The advice that the mapping of a file has: rr for random, sr for sequential, hg and nh for huge
   * pages and none.
   */
  public static Set<String> advice(Path file) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    int at = 0;
    while (!lines.get(at).endsWith(" " + file)) {
      at++;
    }
    while (!lines.get(at).startsWith("VmFlags:")) {
      at++;
    }
    Set<String> flags = new HashSet<>(List.of(lines.get(at).split(" +")));
    flags.retainAll(ADVICE);
    return flags;
  }
}
