package io.millrace.checks.fuzz;

import com.github.luben.zstd.Zstd;
import io.millrace.Progress;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Edge lists with all that they may have: packing, header, names, weights, times, node tables. */
final class EdgeLists {
  private static final String PAYMENTS =
      """
      payer,payee,amount,when
      anna,bert,1.5,100
      bert,"Carl, the third",2,101
      anna,dora,0.25,102
      "Carl, the third",dora,1e3,103
      dora,anna,7,-104
      """;
  private static final String PEOPLE =
      """
      name,f1,f2,label,part
      anna,1,0,2,train
      bert,0,1,0,valid
      "Carl, the third",1,1,,
      dora,-1,0.5,1,test
      """;
  private static final EdgeListOptions BY_NAME =
      EdgeListOptions.defaults()
          .withColumns("payer", "payee")
          .withWeightColumn("amount")
          .withTimeColumn("when")
          .withEdgeIds(true);
  private static final EdgeListOptions NUMBERS = EdgeListOptions.defaults();

  private EdgeLists() {}

  static List<Subject> all() {
    String snap = "# Nodes: 6 Edges: 10\n# FromNodeId\tToNodeId\n" + Sources.edges("\t");
    String large = Sources.edges(" ").replace("5", "5000000000").replace("4", "-4");
    return List.of(
        of("SNAP text", "edges.txt", snap, NUMBERS),
        of("64-bit ids", "edges.txt", large, NUMBERS),
        of("csv", "edges.csv", "src,dst\n" + Sources.edges(","), NUMBERS),
        of("tsv, gzip", "edges.tsv.gz", Sources.edges("\t"), NUMBERS),
        of("csv by name, zstd", "payments.csv.zst", PAYMENTS, BY_NAME),
        of("Matrix Market", "edges.mtx", matrix("real general", " 1.5"), NUMBERS),
        of("Matrix Market, symmetric, gzip", "e.mtx.gz", matrix("pattern symmetric", ""), NUMBERS),
        of("csv by name, with nodes", "payments.csv", PAYMENTS, BY_NAME));
  }

  /** Little but names: most of what is damaged is the dictionary. */
  static Subject names() {
    StringBuilder edges = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      edges.append("\"žluť ").append(i).append("\",客户").append(i % 50).append('\n');
    }
    return of("names", "names.csv", edges.toString(), NUMBERS);
  }

  private static String matrix(String kind, String value) {
    String entries =
        Sources.edges(" ").replace("5", "6").replace("0", "5").replace("\n", value + "\n");
    return "%%MatrixMarket matrix coordinate " + kind + "\n% made up\n6 6 10\n" + entries;
  }

  /** Edges in numpy arrays and scipy's sparse matrices. */
  static List<Subject> arrays() throws IOException {
    byte[] shape = NumpyFiles.npy("<i8", false, "2,", 6, 6);
    byte[] data = NumpyFiles.npy("<f8", false, "3,", 0.5, 2, -1);
    byte[] bounds = NumpyFiles.npy("<i4", false, "7,", 0, 1, 1, 2, 2, 3, 3);
    byte[] ids = NumpyFiles.npy("<i4", false, "3,", 5, 0, 2);
    Map<String, byte[]> csr = new LinkedHashMap<>();
    csr.put("indptr.npy", bounds);
    csr.put("indices.npy", ids);
    csr.put("format.npy", NumpyFiles.text("csr"));
    csr.put("shape.npy", shape);
    csr.put("data.npy", data);
    Map<String, byte[]> coo = new LinkedHashMap<>(csr);
    coo.remove("indptr.npy");
    coo.remove("indices.npy");
    coo.put("format.npy", NumpyFiles.text("coo"));
    coo.put("row.npy", ids);
    coo.put("col.npy", NumpyFiles.npy("<i4", false, "3,", 1, 1, 4));
    byte[] index = Sources.edgeIndex();
    return List.of(
        of("npy", Folder.empty().with("e.npy", index), "e.npy", NUMBERS),
        of("npz", archive(Map.of("edge_index.npy", index), false), "e.npz", NUMBERS),
        of("scipy CSR", archive(csr, false), "e.npz", NUMBERS),
        of("scipy COO, stored", archive(coo, true), "e.npz", NUMBERS));
  }

  private static Folder archive(Map<String, byte[]> members, boolean stored) throws IOException {
    return Folder.empty().with("e.npz", Packing.zip(members, stored));
  }

  private static Subject of(String name, String path, String text, EdgeListOptions options) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Folder folder =
        path.endsWith(".gz")
            ? Folder.empty().withGzip(path, text)
            : Folder.empty().with(path, path.endsWith(".zst") ? Zstd.compress(bytes) : bytes);
    return of(name, folder, path, options);
  }

  private static Subject of(String name, Folder folder, String path, EdgeListOptions options) {
    boolean withNodes = name.endsWith("nodes");
    return Imported.subject(
        "edge list, " + name,
        withNodes ? folder.with("people.csv", PEOPLE) : folder,
        (in, out) ->
            EdgeListImporter.importFiles(
                List.of(in.resolve(path)),
                withNodes ? options.withNodes(people(in.resolve("people.csv"))) : options,
                out,
                ImportOptions.defaults(),
                Progress.NONE));
  }

  private static NodeTableOptions people(Path file) {
    return new NodeTableOptions(
        file, Optional.of("name"), List.of("f*"), Optional.of("label"), Optional.of("part"));
  }
}
