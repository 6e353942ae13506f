package io.millrace.training.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.training.OpenResources;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.TorchEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that somebody else has written under the name of ours. */
class SafetensorsFileTest {
  private static final String ZEROS = "0".repeat(64);
  private static final String METADATA =
      "\"__metadata__\":{\"sha256\":\"" + ZEROS + "\",\"millrace\":\"{}\"}";
  private static final String TENSOR =
      "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir private Path directory;
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  @Test
  void readsAFileOfTheFormat() throws IOException {
    write("{" + METADATA + "," + TENSOR + "}");
    try (NDManager manager = TorchEngine.newManager();
        NDList weights = ModelFile.read(directory).weights(manager)) {
      assertEquals(1, weights.size());
      assertEquals(2, weights.get("w").size());
    }
  }

  @Test
  void refusesHeadersOfAnotherKind() throws IOException {
    for (String header :
        new String[] {
          "",
          "null",
          "7",
          "[]",
          "{}",
          "{",
          "[".repeat(100_000),
          "{\"__metadata__\":null}",
          "{\"__metadata__\":[]}",
          "{\"__metadata__\":7}",
          "{\"__metadata__\":{}}",
          "{\"__metadata__\":{\"format\":\"pt\"}," + TENSOR + "}",
          "{\"__metadata__\":{\"sha256\":null,\"millrace\":\"{}\"}}",
          "{\"__metadata__\":{\"sha256\":[],\"millrace\":\"{}\"}}",
          "{\"__metadata__\":{\"sha256\":\"12\",\"millrace\":\"{}\"}}",
          "{\"__metadata__\": {\"sha256\": \"" + ZEROS + "\", \"millrace\": \"{}\"}}",
          "{\"__metadata__\":{\"sha256\":\"" + ZEROS + "\",\"millrace\":{}}}",
        }) {
      write(header);
      assertRefused(() -> ModelFile.read(directory), header);
    }
  }

  @Test
  void refusesTensorsThatAreNotInTheFile() throws IOException {
    for (String tensor :
        new String[] {
          "null",
          "7",
          "[]",
          "{}",
          tensor("\"F32\"", "[2]", "null"),
          tensor("\"F32\"", "null", "[0,8]"),
          tensor("null", "[2]", "[0,8]"),
          tensor("\"BF16\"", "[4]", "[0,8]"), // would end the JVM
          tensor("\"F64\"", "[1]", "[0,8]"),
          tensor("\"F32\"", "[2]", "[0]"),
          tensor("\"F32\"", "[2]", "[0,8,16]"),
          tensor("\"F32\"", "[2]", "[0,12]"),
          tensor("\"F32\"", "[3]", "[0,12]"),
          tensor("\"F32\"", "[2]", "[4,12]"),
          tensor("\"F32\"", "[2]", "[-4,4]"),
          tensor("\"F32\"", "[2]", "[8,0]"),
          tensor("\"F32\"", "[1]", "[9223372036854775804,-9223372036854775808]"),
          tensor("\"F32\"", "[-2]", "[0,8]"),
          tensor("\"F32\"", "[0]", "[0,0]"),
          tensor("\"F32\"", "[-1,-2]", "[0,8]"),
          tensor("\"F32\"", "[4294967296,4294967296,2]", "[0,8]"),
          tensor("\"F32\"", "[1e99]", "[0,8]"),
          tensor("\"F32\"", "[2,]", "[0,8]"),
          tensor("\"F32\"", "[2]", "[,8]"),
          tensor("\"F32\"", "[\"x\"]", "[0,8]"),
          tensor("\"F32\"", "7", "[0,8]"),
        }) {
      write("{" + METADATA + ",\"w\":" + tensor + "}");
      assertRefused(() -> ModelFile.read(directory), tensor);
    }
  }

  private static String tensor(String dtype, String shape, String offsets) {
    return "{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets);
  }

  @Test
  void refusesDescriptionsOfAnotherKind() throws IOException {
    for (String text :
        new String[] {
          "",
          "null",
          "[]",
          "{}",
          "x",
          "{'model':null}",
          "{'model':{'kind':'sage'}}",
          "{'model':{'kind':'sage','hidden':0,'layers':1}}",
          "{'model':{'kind':['sage']}}",
          "{'model':{'kind':'sage','hidden':4,'layers':1,'norm':'NONE'},'inputDim':1,"
              + "'numClasses':2,'dataset':'d','fanout':'1','seed':1,'epoch':1,'validAccuracy':1}",
        }) {
      write("{" + METADATA.replace("{}", text) + "," + TENSOR + "}");
      ModelFile file = ModelFile.read(directory);
      assertRefused(file::info, text);
    }
  }

  /** Whatever stands in a header of the right checksum: one line, or weights. */
  @Test
  @Tag("exhaustive")
  void everyMutatedHeaderIsReadOrRefusedInOneLine() throws IOException {
    try (Network network = new Network(GraphSage.of(3, 2), 3, 2, 1);
        NDList weights = network.copy()) {
      ModelInfo info = new ModelInfo(GraphSage.of(3, 2), 3, 2, false, "d", "f", "5,5", 1, 2, 0.5);
      ModelFile.of(info, weights).save(directory);
    }
    byte[] whole = Files.readAllBytes(file());
    int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(whole, 8, length, StandardCharsets.UTF_8);
    header = header.replaceFirst("\"sha256\":\"\\w+\"", "\"sha256\":\"" + ZEROS + "\"");
    byte[] data = java.util.Arrays.copyOfRange(whole, 8 + length, whole.length);
    Random random = new Random(7);
    int numRead = 0;
    for (int run = 0; run < 500; run++) {
      String mutated = mutated(header, random);
      write(mutated, data);
      try (NDManager manager = TorchEngine.newManager()) {
        ModelFile file = ModelFile.read(directory);
        file.weights(manager).close();
        numRead++;
        file.info();
      } catch (BadInputException e) {
        assertOneLine(e, mutated);
      } catch (RuntimeException e) {
        throw new AssertionError("seed 7, run " + run + ": " + mutated, e);
      }
    }
    assertTrue(numRead > 25 && numRead < 475, "read " + numRead);
  }

  /** A piece is dropped, doubled, or replaced by something JSON has a meaning for. */
  private static String mutated(String header, Random random) {
    String[] pieces = {"{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e9", "7", "{}", "\\"};
    StringBuilder text = new StringBuilder(header);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + random.nextInt(6));
      switch (random.nextInt(3)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, text.substring(from, to));
        default -> text.replace(from, to, pieces[random.nextInt(pieces.length)]);
      }
    }
    return text.toString();
  }

  private void write(String header) throws IOException {
    write(header, new byte[8]);
  }

  /** Writes the file with the checksum that it should have. */
  private void write(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(8 + json.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .put(data)
            .array();
    Files.write(file(), SafetensorsChecksum.complete(bytes));
  }

  private Path file() {
    return directory.resolve("model.safetensors");
  }

  private void assertRefused(org.junit.jupiter.api.function.Executable action, String header) {
    assertOneLine(assertThrows(BadInputException.class, action, header), header);
  }

  private void assertOneLine(BadInputException e, String header) {
    assertTrue(e.getMessage().contains("file=" + file()), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage() + header);
  }
}
