package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.datasets.GraphDataset;
import io.millrace.serving.models.ModelSettings.Mode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three small models on one dataset, a server of theirs, and a client. */
abstract class ServedModels {
  static final long LONG_MILLIS = 60_000;
  static final float CLOSE = 1e-5f;

  @TempDir Path folder;

  final GraphDataset data = TestModels.data();
  final HttpClient client = HttpClient.newHttpClient();
  PredictionServer server;
  URI address;

  @BeforeEach
  void saveModels() {
    for (int seed = 1; seed <= 3; seed++) {
      TestModels.save(folder.resolve("m" + seed), seed);
    }
  }

  @AfterEach
  void close() {
    client.close();
    if (server != null) {
      server.close();
    }
  }

  void start(Mode mode, long sloMillis) {
    server = PredictionServer.of(data, TestModels.settings(mode, sloMillis), 1 << 20);
    server.add("m1", folder.resolve("m1"), Optional.empty());
    address = server.start(ServerOptions.defaults().limits(100_000, 500));
  }

  HttpResponse<String> post(String path, String body) {
    return send(HttpRequest.newBuilder(address.resolve(path)), body);
  }

  HttpResponse<String> send(HttpRequest.Builder request, String body) {
    try {
      return client.send(
          (body == null ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)))
              .timeout(Duration.ofSeconds(60))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(address.resolve(path)), null);
  }

  static String nodes(Object... ids) {
    boolean named = ids.length > 0 && ids[0] instanceof String;
    List<String> values = new ArrayList<>();
    for (Object id : ids) {
      values.add(named ? "\"" + id + "\"" : String.valueOf(id));
    }
    return """
    {"id":"42","inputs":[{"name":"nodes","shape":[%d],"datatype":"%s","data":%s}]}\
    """
        .formatted(ids.length, named ? "BYTES" : "INT64", values);
  }

  static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  static float[] floats(JsonObject answer, String output) {
    for (JsonElement element : answer.getAsJsonArray("outputs")) {
      JsonObject tensor = element.getAsJsonObject();
      if (tensor.get("name").getAsString().equals(output)) {
        List<JsonElement> values = tensor.getAsJsonArray("data").asList();
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values.get(i).getAsFloat();
        }
        return floats;
      }
    }
    throw new AssertionError("no output " + output + " in " + answer);
  }

  static void assertRefused(int status, String message, HttpResponse<String> response) {
    assertEquals(message, json(response).get("error").getAsString());
    assertEquals(status, response.statusCode());
  }
}
