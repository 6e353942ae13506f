package io.millrace.checks.fuzz;

import io.millrace.Progress;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.graphbolt.GraphBoltImporter;
import io.millrace.datasets.formats.graphbolt.GraphBoltOptions;
import io.millrace.datasets.formats.ogb.OgbImporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Small graphs of 6 nodes and 10 edges in every format that the importers read. Made by an import,
 * each passes the inspector.
 */
final class Sources {
  private static final int NODES = 6;
  private static final int[] SRC = {0, 0, 1, 2, 3, 4, 5, 1, 2, 2};
  private static final int[] DST = {1, 2, 2, 2, 2, 0, 3, 4, 5, 0};
  private static final String DESCRIPTION = "{\"source\": \"made up\", \"licence\": \"none\"}\n";
  private static final List<String> DTYPES =
      List.of("<f2", "<f4", "<f8", "|i1", "|u1", "|b1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8");

  private Sources() {}

  static List<Subject> all() throws IOException {
    List<Subject> all = new ArrayList<>();
    all.add(ogb("OGB csv, packed", ogbCsv(".gz", "0\n1\n2\n0\n\n1\n")));
    all.add(ogb("OGB csv, several labels", ogbCsv("", "0,1\n1,1\nnan,0\n1,1\n0,0\n0,1\n")));
    all.add(ogb("OGB npz, deflated", ogbNpz("<f4", false, false)));
    all.add(ogb("OGB npz, stored", ogbNpz("<f4", true, false)));
    for (int i = 0; i < DTYPES.size(); i += 2) {
      String dtype = DTYPES.get(i);
      all.add(graphBolt("GraphBolt, features " + dtype, graphBoltFolder(dtype, "numpy")));
      String other = DTYPES.get(i + 1).replace('<', '>');
      all.add(ogb("OGB npz, columns first, " + other, ogbNpz(other, false, true)));
    }
    all.add(graphBolt("GraphBolt, edges in csv", graphBoltFolder("<f4", "csv")));
    all.addAll(EdgeLists.arrays());
    all.addAll(EdgeLists.all());
    return all;
  }

  private static Subject ogb(String name, Folder folder) {
    return Imported.subject(
        name,
        folder,
        (in, out) ->
            OgbImporter.importFolder(
                in, out, ImportOptions.defaults().withUndirected(true), Progress.NONE));
  }

  private static Subject graphBolt(String name, Folder folder) {
    return Imported.subject(
        name,
        folder,
        (in, out) ->
            GraphBoltImporter.importFolder(
                in, GraphBoltOptions.defaults(), out, ImportOptions.defaults(), Progress.NONE));
  }

  static String edges(String separator) {
    return IntStream.range(0, SRC.length)
        .mapToObj(i -> SRC[i] + separator + DST[i] + "\n")
        .collect(Collectors.joining());
  }

  private static Folder ogbCsv(String packing, String labels) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("raw/edge.csv", edges(","));
    texts.put("raw/num-node-list.csv", NODES + "\n");
    texts.put("raw/num-edge-list.csv", SRC.length + "\n");
    texts.put("raw/node-feat.csv", "1,2.5\n3,-4e-3\n0,0\n7,8\n-9,1\n0.5,2\n");
    texts.put("raw/node-label.csv", labels);
    texts.put("split/time/train.csv", "0\n1\n");
    texts.put("split/time/valid.csv", "2\n");
    texts.put("split/time/test.csv", "3\n5\n");
    Folder folder = Folder.empty().with("meta.json", DESCRIPTION);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      folder =
          packing.isEmpty()
              ? folder.with(text.getKey(), text.getValue())
              : folder.withGzip(text.getKey() + packing, text.getValue());
    }
    return folder;
  }

  private static Folder ogbNpz(String dtype, boolean stored, boolean fortran) throws IOException {
    Map<String, byte[]> data = new LinkedHashMap<>();
    data.put("edge_index.npy", edgeIndex());
    data.put("node_feat.npy", NumpyFiles.npy(dtype, fortran, "6, 2", features()));
    data.put("num_nodes_list.npy", NumpyFiles.npy("<i8", false, "1,", NODES));
    data.put("num_edges_list.npy", NumpyFiles.npy("<i8", false, "1,", SRC.length));
    double[] classes = {0, 1, Double.NaN, 1, 0, 2};
    byte[] labels = NumpyFiles.npy("<f4", false, "6, 1", classes);
    return Folder.empty()
        .with("raw/data.npz", Packing.zip(data, stored))
        .with("raw/node-label.npz", Packing.zip(Map.of("node_label.npy", labels), stored))
        .withGzip("split/time/train.csv.gz", "0\n1\n")
        .withGzip("split/time/valid.csv.gz", "4\n")
        .withGzip("split/time/test.csv.gz", "3\n5\n");
  }

  static byte[] edgeIndex() {
    double[] ids =
        IntStream.concat(IntStream.of(SRC), IntStream.of(DST)).asDoubleStream().toArray();
    return NumpyFiles.npy("<i8", false, "2, " + SRC.length, ids);
  }

  private static double[] features() {
    return new double[] {1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1};
  }

  private static Folder graphBoltFolder(String dtype, String edgeFormat) {
    String edgePath = edgeFormat.equals("csv") ? "edges.csv" : "edges.npy";
    Folder folder =
        Folder.empty()
            .with("metadata.yaml", metadata(edgePath, edgeFormat))
            .with("edges.npy", edgeIndex())
            .with("feat.npy", NumpyFiles.npy(dtype, false, "6, 2", features()))
            .with("train.npy", NumpyFiles.npy("<i8", false, "3,", 0, 1, 5))
            .with("train-labels.npy", NumpyFiles.npy("<i8", false, "3,", 0, 2, 1))
            .with("test.npy", NumpyFiles.npy("<i4", false, "2,", 2, 4))
            .with("test-labels.npy", NumpyFiles.npy("<i8", false, "2,", 1, 1));
    return edgeFormat.equals("csv")
        ? folder.without("edges.npy").with("edges.csv", edges(","))
        : folder;
  }

  private static String metadata(String edgePath, String edgeFormat) {
    return """
    dataset_name: small
    graph:
      nodes:
      - num: 6
      edges:
      - format: %s
        path: %s
    feature_data:
    - domain: node
      name: feat
      format: numpy
      path: feat.npy
    tasks:
    - name: classes
      num_classes: 3
      train_set:
      - data:
        - {name: seeds, format: numpy, path: train.npy}
        - {name: labels, format: numpy, path: train-labels.npy}
      test_set:
      - data:
        - {name: seeds, format: numpy, path: test.npy}
        - {name: labels, format: numpy, path: test-labels.npy}
    """
        .formatted(edgeFormat, edgePath);
  }
}
