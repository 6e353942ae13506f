package io.millrace.datasets.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.Expect;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
  @TempDir Path folder;

  /** A file with the given header text, padded by nothing. */
  static byte[] npy(int version, String dict, int dataBytes) {
    byte[] text = dict.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(12 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      file.putShort((short) text.length);
    } else {
      file.putInt(text.length);
    }
    file.put(text);
    return java.util.Arrays.copyOf(file.array(), file.position() + dataBytes);
  }

  private NpyHeader read(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("a.npy"), bytes);
    try (InputStream in = Files.newInputStream(file)) {
      return NpyHeader.read(file, in);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsAllVersions(int version) throws IOException {
    String dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
    NpyHeader header = read(npy(version, dict, 24));
    int offset = dict.length() + (version == 1 ? 10 : 12);
    assertEquals(new NpyHeader("<f4", false, List.of(2L, 3L), offset), header);
  }

  @Test
  void readsAnyWayPythonCouldWriteTheDict() throws IOException {
    String dict = "{\"shape\":(7L,),'fortran_order' : True,\n\t'descr':\"|O\"}";
    assertEquals(new NpyHeader("|O", true, List.of(7L), 10 + dict.length()), read(npy(1, dict, 0)));
  }

  @Test
  void readsScalarsAndStructuredTypes() throws IOException {
    String dict =
        "{'descr': [('a', '<i4'), ('b', '<f8', (2, 2))], 'fortran_order': False, 'shape': ()}";
    NpyHeader header = read(npy(1, dict, 0));
    assertEquals(List.of(), header.shape());
    assertTrue(header.dtype().contains("<f8"), header.dtype());
  }

  @Test
  void rejectsWrongMagic() {
    Expect.badInput(() -> read("PK\3\4 not npy at all".getBytes()), "wrong magic", "a.npy");
  }

  @Test
  void rejectsUnknownVersion() {
    Expect.badInput(() -> read(npy(4, "{}", 0)), "unknown npy version", "version=4");
  }

  @Test
  void rejectsEveryTruncationOfTheHeader() {
    byte[] whole = npy(2, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 0);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = java.util.Arrays.copyOf(whole, length);
      Expect.badInput(() -> read(part), "npy header is truncated", "a.npy");
    }
  }

  @Test
  void takesNoMemoryForAHugeHeaderLength() {
    byte[] bytes = npy(2, "{}", 0);
    java.util.Arrays.fill(bytes, 8, 12, (byte) 0xff);
    Expect.badInput(() -> read(bytes), "npy header is too long", "bytes=4294967295");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[1, 2]",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ('a',)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': None, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4",
      })
  void rejectsDictsThatSayTooLittle(String dict) {
    Expect.badInput(() -> read(npy(1, dict, 0)), "npy header cannot be read", "a.npy");
  }

  @Test
  void rejectsBottomlessNesting() {
    Expect.badInput(() -> read(npy(1, "(".repeat(60_000), 0)), "npy header cannot be read");
  }
}
