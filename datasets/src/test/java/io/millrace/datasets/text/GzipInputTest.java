package io.millrace.datasets.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** Whatever the size of the buffer, and so whatever was read of what follows a member. */
class GzipInputTest {
  private static final int MAX_BUFFER = 70;

  private static byte[] unpacked(byte[] packed, int bufferBytes) throws IOException {
    try (GzipInput in = new GzipInput(new ByteArrayInputStream(packed), bufferBytes)) {
      return in.readAllBytes();
    }
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void readsOneMemberAfterTheOther() throws IOException {
    byte[] packed =
        concat(CsvReaderTest.gzip("1,2\n"), CsvReaderTest.gzip(""), CsvReaderTest.gzip("3,4\n"));
    for (int buffer = 1; buffer < MAX_BUFFER; buffer++) {
      assertArrayEquals("1,2\n3,4\n".getBytes(), unpacked(packed, buffer), "buffer=" + buffer);
    }
  }

  @Test
  void refusesWhatIsNoMember() throws IOException {
    byte[] member = CsvReaderTest.gzip("1,2\n3,4\n");
    byte[] damaged = member.clone();
    damaged[1] ^= 1; // the second byte of its magic number: Java's own class would end before it
    for (int buffer = 1; buffer < MAX_BUFFER; buffer++) {
      for (int length = 1; length < 40; length++) {
        byte[] garbage = new byte[length];
        new Random(length).nextBytes(garbage);
        assertRefused(concat(member, garbage), buffer);
        assertRefused(concat(member, new byte[length]), buffer);
      }
      assertRefused(concat(member, damaged), buffer);
      assertRefused(concat(member, Arrays.copyOf(member, 9)), buffer);
    }
  }

  private static void assertRefused(byte[] packed, int buffer) {
    assertThrows(
        ZipException.class,
        () -> unpacked(packed, buffer),
        () -> "buffer=" + buffer + ", bytes=" + Arrays.toString(packed));
  }
}
