package io.millrace.checks.docs;

import io.millrace.Progress;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Small inputs by the names that the pages use: a dataset, tables, folders of OGB and GraphBolt.
 */
final class StandIns {
  private static final int NODES = 60;
  private static final int EDGES = 300;
  private static final String[] PARTS = {"train", "train", "valid", "test"};
  private static final String[] TOPICS = {"art", "law", "sport"};

  private StandIns() {}

  static void makeIn(Path folder) throws IOException {
    planted(folder.resolve("data/mine"), 1000);
    edgeTables(folder);
    nodeTable(folder);
    parquet(folder);
    ogb(folder.resolve("downloads/arxiv"));
    graphBolt(folder.resolve("downloads/graph"));
    npy(folder.resolve("x.npy"));
    Files.writeString(
        folder.resolve("space.yaml"),
        "lr: {log: [1e-3, 1e-1]}\nhidden: [8, 16]\ndropout: [0, 0.3]\n");
    Files.writeString(
        folder.resolve("plan.yaml"),
        "model: {train: data/mine, epochs: 2}\npredictions: {infer: data/mine, model: model}\n");
    linkTo(DocBlock.ROOT.resolve("bench/results"), folder.resolve("bench/results"));
  }

  static void planted(Path dir, int numNodes) {
    GeneratorOptions options =
        GraphGenerator.PLANTED.defaults().withNodes(numNodes).withFeatures(32, FeatureType.FLOAT32);
    GraphGenerator.PLANTED.generate(options, dir, Progress.NONE);
  }

  private static void edgeTables(Path folder) throws IOException {
    StringBuilder payments = new StringBuilder("payer,payee,amount,day\n");
    StringBuilder edges = new StringBuilder("# from to\n");
    Random random = new Random(1);
    for (int i = 0; i < EDGES; i++) {
      int src = random.nextInt(NODES);
      int dst = random.nextInt(NODES);
      payments.append("a%d,a%d,%d.5,%d\n".formatted(src, dst, i, i / 10));
      edges.append(1000 + src).append('\t').append(1000 + dst).append('\n');
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("payments.csv.gz")))) {
      out.write(payments.toString().getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve("edges.txt"), edges);
  }

  private static void nodeTable(Path folder) throws IOException {
    StringBuilder nodes = new StringBuilder("id,f0,f1,f2,y,income,part\n");
    for (int v = 0; v < NODES; v++) {
      String topic = TOPICS[v % TOPICS.length];
      String part = PARTS[v % PARTS.length];
      nodes.append(
          "%d,%d,0.5,%d,%s,%s,%s\n"
              .formatted(1000 + v, v % 7, v % 3, topic, v % 11 == 0 ? "" : v % 7 + 0.5, part));
    }
    Files.writeString(folder.resolve("nodes.csv"), nodes);
  }

  private static void parquet(Path folder) throws IOException {
    Random random = new Random(2);
    String links = "required int64 from; required int64 to;";
    try (Rows rows = Rows.to(folder.resolve("links.parquet"), links)) {
      for (int i = 0; i < EDGES; i++) {
        rows.add(random.nextInt(NODES), random.nextInt(NODES));
      }
    }
    String pages = "required int64 page; required int64 length; required int64 topic;";
    try (Rows rows = Rows.to(folder.resolve("pages.parquet"), pages)) {
      for (int v = 0; v < NODES; v++) {
        rows.add(v, v % 7, v % 3);
      }
    }
  }

  private record Rows(MessageType schema, ParquetWriter<Group> writer) implements AutoCloseable {
    static Rows to(Path file, String columns) throws IOException {
      MessageType schema = MessageTypeParser.parseMessageType("message t {" + columns + "}");
      return new Rows(
          schema,
          ExampleParquetWriter.builder(new LocalOutputFile(file))
              .withConf(new PlainParquetConfiguration())
              .withType(schema)
              .build());
    }

    void add(long... values) throws IOException {
      Group group = new SimpleGroup(schema);
      for (int i = 0; i < values.length; i++) {
        group.add(i, values[i]);
      }
      writer.write(group);
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  private static void ogb(Path folder) throws IOException {
    write(folder, "raw/edge.csv", "0,1\n0,2\n1,2\n2,0\n3,2\n4,0\n5,3\n1,4\n");
    write(folder, "raw/num-node-list.csv", "6\n");
    write(folder, "raw/num-edge-list.csv", "8\n");
    write(folder, "raw/node-feat.csv", "1,2.5\n3,-4\n0,0\n7,8\n-9,1\n0.5,2\n");
    write(folder, "raw/node-label.csv", "0\n1\n2\n0\n1\n1\n");
    write(folder, "split/time/train.csv", "0\n1\n2\n");
    write(folder, "split/time/valid.csv", "3\n");
    write(folder, "split/time/test.csv", "4\n5\n");
  }

  private static void graphBolt(Path folder) throws IOException {
    write(folder, "edges.csv", "0,1\n0,2\n1,2\n2,0\n3,2\n4,0\n5,3\n1,4\n");
    write(
        folder,
        "metadata.yaml",
        """
        dataset_name: small
        graph:
          nodes:
          - num: 6
          edges:
          - format: csv
            path: edges.csv
        tasks: []
        """);
  }

  private static void npy(Path file) throws IOException {
    String header =
        "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 200), }".formatted(NODES);
    byte[] bytes = new byte[128 + 200 * NODES];
    byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    byte[] text =
        (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    System.arraycopy(text, 0, bytes, magic.length, text.length);
    for (int i = 128; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 5);
    }
    Files.write(file, bytes);
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void linkTo(Path target, Path link) throws IOException {
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
  }
}
