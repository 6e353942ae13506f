package io.millrace.bench.imports;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The loop that one would write: a reader of lines, {@code split}, and a map for names. */
final class PlainImport {
  private final NodeIdKind kind;
  private final Map<String, Integer> nodes = new HashMap<>();
  private int numNodes;

  PlainImport(NodeIdKind kind) {
    this.kind = kind;
  }

  /** Reads all edges; the caller closes them. */
  EdgeList parse(Path file) {
    EdgeList edges = new EdgeList();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split("\t");
        edges.add(node(columns[0]), node(columns[1]));
      }
      return edges;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int node(String id) {
    if (kind != NodeIdKind.DENSE) {
      return nodes.computeIfAbsent(id, _ -> numNodes++);
    }
    int node = Integer.parseInt(id);
    numNodes = Math.max(numNodes, node + 1);
    return node;
  }

  /** Reads the edges, builds the graph with the product's builder and saves it. */
  void importTo(Path file, Path out) {
    try (EdgeList edges = parse(file);
        Arena arena = Arena.ofShared()) {
      var graph = CsrBuilder.build(numNodes, edges, EdgeOptions.DIRECTED, arena);
      try (GraphDataset data = GraphDataset.builder("plain", graph).build()) {
        data.save(out);
      }
    }
  }
}
