package io.millrace.datasets.formats.ogb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.FileServer;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.download.RetryPolicy;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.Reduction;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.platform.Checksums;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OgbDownloadTest {
  private static final RetryPolicy SHORT =
      new RetryPolicy(Duration.ofSeconds(5), Duration.ofMillis(1), 3);

  @TempDir Path folder;
  private FileServer server;
  private Path out;

  @BeforeEach
  void startServer() throws IOException {
    server = new FileServer(zip(csvFolder()));
    out = folder.resolve("data/tiny");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static Map<String, byte[]> csvFolder() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("tiny/RELEASE_v1.txt", "");
    files.put("tiny/mapping/README.md", "x");
    files.put("tiny/raw/num-node-list.csv", "3\n");
    files.put("tiny/raw/num-edge-list.csv", "2\n");
    files.put("tiny/raw/edge.csv", "0,1\n1,2\n");
    files.put("tiny/raw/node-feat.csv", "1,0\n0,1\n1,1\n");
    files.put("tiny/raw/node-label.csv", "0\n1\n0\n");
    files.put("tiny/split/time/train.csv", "0\n");
    files.put("tiny/split/time/valid.csv", "1\n");
    files.put("tiny/split/time/test.csv", "2\n");
    files.put("tiny/raw/../../../escaped", "x");
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.US_ASCII)));
    return bytes;
  }

  /** Stored, so that a test can change a byte. */
  private static byte[] zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(file.getValue().length);
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private OgbArchive archive(long numEdges) {
    return new OgbArchive("ogbn-tiny", server.url(), "CC0", false, 3, numEdges, 2);
  }

  private DatasetDescription get(Optional<String> sha256, boolean keep) {
    return new OgbDownload(archive(2), sha256, keep)
        .importTo(out, ImportOptions.defaults(), SHORT, Progress.NONE);
  }

  private DatasetDescription get() {
    return get(Optional.empty(), false);
  }

  private List<String> left() {
    String[] names = out.getParent().toFile().list();
    return names == null ? List.of() : Arrays.stream(names).sorted().toList();
  }

  @Test
  void makesADatasetAndLeavesNothingElse() throws IOException {
    DatasetDescription made = get();
    assertEquals("ogbn-tiny", made.name());
    assertEquals(2, made.numEdges());
    assertTrue(made.directed());
    assertEquals(Optional.of("CC0"), made.licence());
    String checksum = Checksums.sha256Hex(Files.write(folder.resolve("copy"), server.content));
    assertEquals(server.url() + ", SHA-256 " + checksum, made.source());
    assertEquals(List.of("tiny"), left());
    assertFalse(Files.exists(folder.resolve("escaped")));
    DatasetInspector.inspect(out, Progress.NONE);
  }

  @Test
  void deletesTheArchiveThatAKilledRunHasLeftNextToItsDataset() throws IOException {
    get(Optional.empty(), true);
    assertEquals(List.of("tiny", "tiny.zip", "tiny.zip.sha256"), left());
    Path unpacked = Files.createDirectory(out.resolveSibling(".tiny.zip.unpacked.partial-1"));
    Files.createFile(unpacked.resolve(".owner"));
    assertEquals(2, get().numEdges());
    assertEquals(List.of("tiny"), left());
    assertEquals(1, server.ranges.size(), "nothing is downloaded again");
  }

  @Test
  void refusesAMemberThatIsLongerThanItDeclares() throws IOException {
    byte[] zip = server.content;
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < zip.length - 4; at++) {
      if (bytes.getInt(at) == 0x02014b50) { // the sizes in the central directory
        bytes.putInt(at + 24, 1);
      }
    }
    Expect.badInput(this::get, "archive is damaged");
    assertFalse(Files.exists(out));
  }

  @Test
  void takesAnArchiveOfBinaryFiles() throws IOException {
    Path data =
        NumpyFiles.npz(
            folder.resolve("data.npz"),
            Map.of(
                "num_nodes_list", NumpyFiles.npy("<i8", false, "1,", 3),
                "num_edges_list", NumpyFiles.npy("<i8", false, "1,", 2),
                "edge_index", NumpyFiles.npy("<i8", false, "2, 2", 0, 1, 1, 2),
                "node_feat", NumpyFiles.npy("<f4", false, "3, 2", 1, 0, 0, 1, 1, 1)));
    Map<String, byte[]> files = csvFolder();
    files.keySet().removeIf(name -> name.contains("/raw/"));
    files.put("tiny/raw/data.npz", Files.readAllBytes(data));
    server.content = zip(files);
    assertEquals(2, get().numEdges());
  }

  @Test
  void addsReverseEdgesWhereTheArchiveHasEachEdgeOnce() {
    OgbArchive products = new OgbArchive("tiny", server.url(), "CC0", true, 3, 2, 2);
    DatasetDescription made =
        new OgbDownload(products, Optional.empty(), false)
            .importTo(out, ImportOptions.defaults(), Progress.NONE);
    assertEquals(4, made.numEdges());
    assertFalse(made.directed());
  }

  @Test
  void keepsTheArchiveAndItsChecksumIfAsked() throws IOException {
    get(Optional.empty(), true);
    assertEquals(List.of("tiny", "tiny.zip", "tiny.zip.sha256"), left());
    String checksum = Checksums.sha256Hex(out.resolveSibling("tiny.zip"));
    assertEquals(
        checksum + "  tiny.zip\n", Files.readString(out.resolveSibling("tiny.zip.sha256")));

    out = out.resolveSibling("again");
    Files.move(out.resolveSibling("tiny.zip"), out.resolveSibling("again.zip"));
    get(Optional.of(checksum.toUpperCase(Locale.ROOT)), true);
    assertEquals(1, server.ranges.size(), "it was there");
  }

  @Test
  void refusesAnotherChecksumThanGivenAndKeepsTheArchive() {
    String other = "0".repeat(64);
    String message =
        Expect.badInput(() -> get(Optional.of(other), false), "another checksum", "need=" + other);
    assertEquals(List.of("tiny.zip"), left());
    assertTrue(message.matches(".*sha256=[0-9a-f]{64}, need=.*"), message);
    get();
    assertEquals(1, server.ranges.size());
  }

  @Test
  void refusesAnotherChecksumThanRecorded() throws IOException {
    get(Optional.empty(), true);
    out = Files.move(out, out.resolveSibling("first")).resolveSibling("tiny");
    Path record = out.resolveSibling("tiny.zip.sha256");
    String good = Files.readString(record);
    String need = good.substring(0, 64);
    Map<String, byte[]> other = csvFolder();
    other.put("tiny/raw/node-label.csv", new byte[] {'1', '\n', '1', '\n', '0', '\n'});
    Files.write(out.resolveSibling("tiny.zip"), zip(other));
    List<String> others = List.of(good, "\n  " + good.toUpperCase(Locale.ROOT) + "\r\n", need);
    for (String text : others) {
      Files.writeString(record, text);
      Expect.badInput(
          this::get, "another checksum than recorded", "record=" + record, "need=" + need);
    }
    assertEquals(List.of("first", "tiny.zip", "tiny.zip.sha256"), left());
  }

  @Test
  void takesNoNoticeOfARecordThatIsNoChecksum() throws IOException {
    Files.createDirectories(out.getParent());
    Path record = out.resolveSibling("tiny.zip.sha256");
    for (byte[] text : List.of(new byte[0], new byte[] {(byte) 0xff, ' '}, new byte[64])) {
      Files.write(record, text);
      get(Optional.empty(), true);
      Files.move(out, folder.resolve("made-" + text.length));
    }
    assertTrue(Files.readString(record).endsWith("  tiny.zip\n"));
  }

  @Test
  void recordsNoChecksumOfAnArchiveThatIsNotGood() throws IOException {
    byte[] good = server.content;
    byte[] damaged = Arrays.copyOf(good, good.length / 2);
    byte[] another = zip(Map.of("tiny/raw/num-node-list.csv", new byte[] {'x'}));
    for (byte[] bad : List.of(damaged, another)) {
      server.content = bad;
      Expect.badInput(this::get);
      assertEquals(List.of("tiny.zip"), left());
      Files.delete(out.resolveSibling("tiny.zip"));
    }
    server.content = good;
    assertEquals(2, get().numEdges());
  }

  @Test
  void refusesAnArchiveOfAnotherGraph() {
    OgbDownload download = new OgbDownload(archive(7), Optional.empty(), false);
    Expect.badInput(
        () -> download.importTo(out, ImportOptions.defaults(), Progress.NONE),
        "archive does not hold the graph that its name says: name=ogbn-tiny",
        "numNodes=3, needNodes=3, numEdges=2, needEdges=7");
  }

  @Test
  void refusesWhatIsNoArchiveOrADamagedOne() throws IOException {
    byte[] whole = server.content;
    server.content = "<html>Please log in</html>".getBytes(StandardCharsets.US_ASCII);
    Expect.badInput(this::get, "archive is damaged, delete it to download it again", "tiny.zip");
    Files.delete(out.resolveSibling("tiny.zip"));

    String text = new String(whole, StandardCharsets.ISO_8859_1);
    int edge = text.indexOf("0,1\n1,2\n");
    server.content = whole.clone();
    server.content[edge] = '2';
    Expect.badInput(this::get, "archive is damaged", "checksum differs: tiny/raw/edge.csv");
    Files.delete(out.resolveSibling("tiny.zip"));

    server.content = zip(Map.of("readme.txt", new byte[0]));
    Expect.badInput(this::get, "archive holds no OGB folder");
  }

  @Test
  void asksForRoomBeforeItDownloads() {
    server.lengthSaid = Optional.of(1L << 50);
    Expect.badInput(this::get, "not enough space on disk", "folder=" + out.getParent());
    assertEquals(List.of(), left());
  }

  @Test
  void asksForRoomForTheFeaturesThatAreLeft() {
    OgbArchive wide = new OgbArchive("wide", server.url(), "CC0", false, 1 << 20, 2, 1 << 28);
    OgbDownload download = new OgbDownload(wide, Optional.empty(), false);
    ImportOptions options = ImportOptions.defaults();
    Expect.badInput(() -> download.importTo(out, options, Progress.NONE), "not enough space");
    ImportOptions reduced = options.withReduction(new Reduction(1, 0));
    Expect.badInput(
        () -> download.importTo(out, reduced, Progress.NONE), "does not hold the graph");
  }

  @Test
  void asksTheServerForNothingWhereTheTargetExists() throws IOException {
    Files.createDirectories(out);
    Expect.badInput(this::get, "output exists already: out=" + out);
    Path zip = Files.createFile(out.resolveSibling("tiny.zip"));
    Expect.badInput(
        this::get, "output exists already, next to an archive: out=" + out + ", zip=" + zip);
    assertEquals(List.of(), server.ranges);
  }

  @Test
  void knowsTheDatasetsByTheirNames() {
    assertEquals("ogbn-arxiv", OgbArchive.of("arxiv").name());
    assertEquals(111_059_956, OgbArchive.of("OGBN-Papers100M").numNodes());
    assertTrue(OgbArchive.of("ogbn-products").undirected());
    Expect.badInput(
        () -> OgbArchive.of("mag"),
        "no such dataset to get: name=mag, available=[ogbn-arxiv, ogbn-products, ogbn-papers100M]");
    for (String url : List.of("ftp://host/a.zip", "file:///a.zip", "a.zip", "http:a.zip")) {
      Expect.badInput(
          () -> OgbArchive.of("arxiv").at(URI.create(url)), "address must be", "url=" + url);
    }
    Expect.badInput(
        () -> new OgbDownload(archive(2), Optional.of("abc"), false), "must be 64 hex", "abc");
  }
}
