package io.millrace.slicing.partition;

import io.millrace.BadInputException;
import io.millrace.datasets.DatasetPart;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Which part each node's feature row belongs to. Immutable.
 *
 * <p>Its file is that of METIS: a line for each node, in their order, with the number of its part
 * from 0.
 */
public final class Assignment {
  private static final int MAX_LINE = 32;

  private final int numParts;
  private final short[] parts;

  private Assignment(int numParts, short[] parts) {
    this.numParts = numParts;
    this.parts = parts;
  }

  /**
   * @param numParts 1 to 32767
   * @param parts of the nodes; copied
   * @throws BadInputException if a part is out of range
   */
  public static Assignment of(int numParts, int[] parts) {
    requireParts(numParts);
    short[] all = new short[parts.length];
    for (int v = 0; v < parts.length; v++) {
      requirePart(numParts, v, parts[v]);
      all[v] = (short) parts[v];
    }
    return new Assignment(numParts, all);
  }

  /**
   * The assignment by which a dataset was cut.
   *
   * @param data a part of it
   * @throws BadInputException if it is not a part of a dataset
   */
  public static Assignment of(GraphDataset data) {
    DatasetPart part =
        data.part()
            .orElseThrow(() -> BadInputException.of("dataset is whole", "dataset", data.name()));
    short[] all = new short[part.numNodes()];
    for (int v = 0; v < all.length; v++) {
      all[v] = (short) part.of(v);
    }
    return new Assignment(part.numParts(), all);
  }

  /**
   * Reads a file of METIS.
   *
   * @param numNodes lines that it must have
   * @throws BadInputException if it cannot be read, or is not an assignment of so many nodes
   */
  public static Assignment read(Path file, int numParts, int numNodes) {
    requireParts(numParts);
    IoErrors.requireRegular(file);
    short[] all = new short[numNodes];
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      int v = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (v == numNodes) {
          throw BadInputException.of(
              "an assignment has a line for each node", "file", file, "nodes", numNodes);
        }
        int part = number(file, v, line.strip());
        requirePart(numParts, v, part);
        all[v++] = (short) part;
      }
      if (v < numNodes) {
        throw BadInputException.of(
            "an assignment has a line for each node", "file", file, "lines", v, "nodes", numNodes);
      }
    } catch (IOException e) {
      throw BadInputException.of(
          "an assignment cannot be read", "file", file, "cause", IoErrors.cause(e));
    }
    return new Assignment(numParts, all);
  }

  private static int number(Path file, int line, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw BadInputException.of(
          "a line of an assignment is the number of a part",
          "file",
          file,
          "line",
          line + 1,
          "found",
          text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE));
    }
  }

  private static void requireParts(int numParts) {
    if (numParts < 1 || numParts > Short.MAX_VALUE) {
      throw BadInputException.of("parts must be from 1 to " + Short.MAX_VALUE, "parts", numParts);
    }
  }

  private static void requirePart(int numParts, int node, int part) {
    if (part < 0 || part >= numParts) {
      throw BadInputException.of(
          "a part must be below the number of parts",
          "node",
          node,
          "part",
          part,
          "parts",
          numParts);
    }
  }

  /**
   * Writes a file of METIS; one that is there is replaced.
   *
   * @throws BadInputException if it cannot be written
   */
  public void write(Path file) {
    StringBuilder text = new StringBuilder(parts.length * 2);
    for (short part : parts) {
      text.append(part).append('\n');
    }
    try {
      AtomicFile.write(file, text.toString(), true);
    } catch (IOException e) {
      throw BadInputException.of(
          "an assignment cannot be written", "file", file, "cause", IoErrors.cause(e));
    }
  }

  /** The number of parts, some of which may be empty. */
  public int numParts() {
    return numParts;
  }

  public int numNodes() {
    return parts.length;
  }

  /** The part of a node. */
  public int of(int node) {
    return parts[node];
  }

  /** The nodes of each part. */
  public int[] sizes() {
    int[] sizes = new int[numParts];
    for (short part : parts) {
      sizes[part]++;
    }
    return sizes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Assignment it
        && numParts == it.numParts
        && Arrays.equals(parts, it.parts);
  }

  @Override
  public int hashCode() {
    return 31 * numParts + Arrays.hashCode(parts);
  }

  /** Equal assignments have equal texts; of others they probably differ. */
  public String fingerprint() {
    return numParts + " parts, " + Integer.toHexString(Arrays.hashCode(parts));
  }
}
