package io.millrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** A graph of six nodes in OGB's raw layout, of which each file can be replaced. */
public record TinyOgb(Path folder) {

  public static TinyOgb in(Path folder) throws IOException {
    TinyOgb graph = new TinyOgb(folder);
    graph.write("raw/num-node-list.csv.gz", "6\n");
    graph.write("raw/num-edge-list.csv.gz", "5\n");
    graph.write("raw/edge.csv.gz", "0,1\n1,2\n2,3\n3,4\n4,5\n");
    graph.write("raw/node-feat.csv.gz", "1,0\n0,1\n1,1\n0,0\n2,2\n0.5,-1\n");
    graph.write("raw/node-label.csv.gz", "0\n1\n0\n1\n0\n1\n");
    graph.write("split/random/train.csv.gz", "0\n1\n");
    graph.write("split/random/valid.csv.gz", "2\n3\n");
    graph.write("split/random/test.csv.gz", "4\n5\n");
    return graph;
  }

  public void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  void delete(String path) throws IOException {
    Files.delete(folder.resolve(path));
  }

  void truncate(String path) throws IOException {
    Path file = folder.resolve(path);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 12));
  }
}
