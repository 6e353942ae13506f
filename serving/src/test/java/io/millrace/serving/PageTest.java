package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.serving.models.ModelSettings.Mode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, where one is installed. */
class PageTest {
  @TempDir Path folder;

  @Tag("exhaustive")
  @Test
  void showsEachModelWithItsPlots() throws Exception {
    Optional<String> browser =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst();
    assumeTrue(browser.isPresent(), "no Chromium is installed");
    GraphDataset data = TestModels.data();
    try (PredictionServer server =
            PredictionServer.of(data, TestModels.settings(Mode.EXACT, 60_000), 1 << 20);
        HttpClient client = HttpClient.newHttpClient()) {
      for (String name : List.of("first", "second")) {
        TestModels.save(folder.resolve(name), name.length());
        server.add(name, folder.resolve(name), Optional.empty());
      }
      URI address = server.start(ServerOptions.defaults());
      client.send(
          HttpRequest.newBuilder(address.resolve("/v2/models/first/infer"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"inputs\":[{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[7]}]}"))
              .build(),
          HttpResponse.BodyHandlers.ofString());
      Process process =
          new ProcessBuilder(
                  browser.get(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--user-data-dir=" + folder.resolve("profile"),
                  "--virtual-time-budget=5000",
                  "--dump-dom",
                  address.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String page = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      assertTrue(page.contains("<td>first"), page);
      assertTrue(page.contains("<td>second"), page);
      assertTrue(page.split("<polyline").length - 1 >= 9, page); // 4 for each model, hit rate
    }
  }
}
