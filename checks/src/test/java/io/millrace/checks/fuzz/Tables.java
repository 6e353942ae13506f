package io.millrace.checks.fuzz;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.ogb.OgbArchive;
import io.millrace.datasets.formats.ogb.OgbDownload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Binary doors of imports: a Parquet file, files of features, and the archive that get downloads.
 */
final class Tables {
  /** src and dst int64, weight double, 10 rows, Snappy; made by parquet-java. */
  private static final String PARQUET =
      """
      UEFSMRUEFWAVRBXRxrG6DjwVDBUEAAAwAAANAQABDQgAAg0IAAMNCDwEAAAAAAAAAAUAAAAAAAAAFQAVEBUUFauo
      1I8BHBUUFQQVCBUIAAAIHAMFQDQ2EgAAFQQVYBVCFcHuvNMDPBUMFQQAADAEAQAJAQACCQcVAQADDQo8BAAAAAAA
      AAAFAAAAAAAAABUAFRAVFBWFt6DRDBwVFBUEFQgVCAAACBwDBUgSjRUAABUAFawBFXIVu4y/gAEcFRQVABUGFQgA
      AFYYAgAAABQBAAUBBOA/BQcEAPgNCAQEQAkQAAwNCAASDQgAFg0IABoNCAAeDQgkIUAAAAAAAAAjQBkRAhkYCAAA
      AAAAAAAAGRgIBQAAAAAAAAAVAhkWAAAZEQIZGAgAAAAAAAAAABkYCAUAAAAAAAAAFQIZFgAAGRECGRgIAAAAAAAA
      4D8ZGAgAAAAAAAAjQBUCGRYAORYAABkcFnIVQhYAAAAZHBacAhVCFgAAABkcFt4CFaIBFgAAABUCGUxIBXRhYmxl
      FQYAFQQlABgDc3JjABUEJQAYA2RzdAAVCiUCGAZ3ZWlnaHQAFhQZHBk8JgAcFQQZJQQIGRgDc3JjFQIWFBbEARas
      ASZyJggcGAgFAAAAAAAAABgIAAAAAAAAAAAWACgIBQAAAAAAAAAYCAAAAAAAAAAAABksFQQVBBUCABUAFQQVAgA8
      AAAWwAUVFBaABBU+ACYAHBUEGSUECBkYA2RzdBUCFhQWxAEWqgEmnAImtAEcGAgFAAAAAAAAABgIAAAAAAAAAAAW
      ACgIBQAAAAAAAAAYCAAAAAAAAAAAABksFQQVBBUCABUAFQQVAgA8AAAW1AUVFha+BBU+ACYAHBUKGTUABggZGAZ3
      ZWlnaHQVAhYUFtwBFqIBJt4CPBgIAAAAAAAAI0AYCAAAAAAAAOA/FgAoCAAAAAAAACNAGAgAAAAAAADgPzYAABkc
      FQAVABUCADwAABbqBRUYFvwEFUQAFuQEFhQmCBb4AxQAABkcGBF3cml0ZXIubW9kZWwubmFtZRgHZXhhbXBsZQAY
      SnBhcnF1ZXQtbXIgdmVyc2lvbiAxLjE4LjEgKGJ1aWxkIDdjMjJjZGJhNjc5MmZhMjljNWJkYTc0YmYxZjg2NmEw
      OGQ3NTcyYTkpGTwcAAAcAAAsAAAA7gEAAFBBUjE=
      """;

  private static final String ARCHIVE = "graph.zip";

  private Tables() {}

  static List<Subject> all() throws IOException {
    byte[] parquet = Base64.getMimeDecoder().decode(PARQUET);
    double[] features = {1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1};
    Map<String, byte[]> csr = new LinkedHashMap<>();
    csr.put("indices.npy", NumpyFiles.npy("<i4", false, "4,", 0, 1, 1, 2));
    csr.put("indptr.npy", NumpyFiles.npy("<i4", false, "7,", 0, 1, 2, 2, 3, 4, 4));
    csr.put("format.npy", text("csr"));
    csr.put("shape.npy", NumpyFiles.npy("<i8", false, "2,", 6, 3));
    csr.put("data.npy", NumpyFiles.npy("<f4", false, "4,", 1, 2, 3, 4));
    return List.of(
        subject("Parquet", "edges.parquet", parquet, Optional.empty()),
        subject(
            "features npy",
            "x.npy",
            NumpyFiles.npy("<f4", false, "6, 2", features),
            Optional.of("x.npy")),
        subject("sparse features npz", "x.npz", Packing.zip(csr, false), Optional.of("x.npz")),
        targets(),
        archive());
  }

  private static Subject subject(
      String name, String path, byte[] bytes, Optional<String> features) {
    Folder folder = Folder.empty().with(path, bytes);
    String edges = features.isPresent() ? "edges.txt" : path;
    return Imported.subject(
        name,
        features.isPresent() ? folder.with(edges, Sources.edges(" ")) : folder,
        (in, out) -> {
          ImportOptions options = ImportOptions.defaults();
          EdgeListImporter.importFiles(
              List.of(in.resolve(edges)),
              EdgeListOptions.defaults(),
              out,
              features.isPresent() ? options.withFeatureFile(in.resolve(features.get())) : options,
              Progress.NONE);
        });
  }

  /** Two numbers for each node, of which some are unknown. */
  static Subject targets() {
    double[] values = {1, 0, -2.5, Double.NaN, 1e30, 4, 0, 0, 7, 1, Double.NaN, Double.NaN};
    return Imported.subject(
        "targets npy",
        Folder.empty()
            .with("edges.txt", Sources.edges(" "))
            .with("y.npy", NumpyFiles.npy("<f8", false, "6, 2", values)),
        (in, out) ->
            EdgeListImporter.importFiles(
                List.of(in.resolve("edges.txt")),
                EdgeListOptions.defaults(),
                out,
                ImportOptions.defaults().withTargetFile(in.resolve("y.npy")),
                Progress.NONE));
  }

  /** The archive lies where an earlier run has downloaded it to, so no server is asked. */
  private static Subject archive() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("small/raw/edge.csv.gz", gzip(Sources.edges(",")));
    files.put("small/raw/num-node-list.csv.gz", gzip("6\n"));
    files.put("small/raw/num-edge-list.csv.gz", gzip("10\n"));
    files.put("small/raw/node-label.csv.gz", gzip("0\n1\n0\n1\n0\n1\n"));
    files.put("small/split/time/train.csv.gz", gzip("0\n1\n"));
    files.put("small/split/time/valid.csv.gz", gzip("2\n3\n"));
    files.put("small/split/time/test.csv.gz", gzip("4\n5\n"));
    OgbArchive small =
        new OgbArchive("small", URI.create("http://127.0.0.1:1/a.zip"), "none", false, 6, 10, 0);
    return new Subject(
        "archive",
        Folder.empty().with(ARCHIVE, Packing.zip(files, false)),
        false,
        (in, _) -> {
          Path zip = in.resolve(ARCHIVE);
          if (!Files.isRegularFile(zip)) {
            throw BadInputException.of("missing file", "file", zip);
          }
          new OgbDownload(small, Optional.empty(), true)
              .importTo(in.resolve("graph"), ImportOptions.defaults(), Progress.NONE);
        });
  }

  /** A numpy scalar of bytes, as scipy writes the kind of a sparse matrix. */
  private static byte[] text(String letters) {
    double[] codes = letters.chars().asDoubleStream().toArray();
    int length = letters.length();
    String npy =
        new String(NumpyFiles.npy("|u1", false, length + ",", codes), StandardCharsets.ISO_8859_1);
    return npy.replace("|u1", "|S" + length)
        .replace("(" + length + ",)", "()  ")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] gzip(String text) throws IOException {
    return Packing.gzip(text.getBytes(StandardCharsets.UTF_8));
  }
}
