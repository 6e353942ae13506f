package io.millrace.bench.imports;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.ids.NodeIdKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A text table of random edges as SNAP writes them, {@code src TAB dst}, without any order that
 * would help who reads it.
 *
 * @param kind what stands for a node: its number, a 64-bit number or a name
 */
record EdgeFile(long numEdges, int numNodes, NodeIdKind kind, long seed) {
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /**
   * Writes the file.
   *
   * @throws BadInputException if it cannot be written, for instance because the disk is full
   */
  Path write(Path file) {
    SplittableRandom random = new SplittableRandom(seed);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (long i = 0; i < numEdges; i++) {
        String line = id(random.nextInt(numNodes)) + '\t' + id(random.nextInt(numNodes)) + '\n';
        out.write(line.getBytes(StandardCharsets.US_ASCII));
      }
      return file;
    } catch (IOException e) {
      throw new BadInputException(
          "the table cannot be written: file=%s, cause=%s".formatted(file, e.getMessage()), e);
    }
  }

  private String id(int node) {
    return switch (kind) {
      case STRING -> "user-" + Long.toString(node * SPREAD >>> 24, Character.MAX_RADIX);
      case LONG -> Long.toString(node * SPREAD >>> 1);
      default -> Integer.toString(node);
    };
  }
}
