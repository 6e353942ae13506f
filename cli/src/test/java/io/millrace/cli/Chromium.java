package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens a page in headless Chromium, where it is installed; elsewhere the test is skipped. */
final class Chromium {
  /** Measures the images, and writes what it finds into the page. */
  private static final String SCRIPT =
      """
      <script>
      const images = [...document.querySelectorAll('svg')];
      const box = it => it.getBoundingClientRect();
      const name = it => it.getAttribute('aria-label');
      const cut = (image, text) => {
        const i = box(image), t = box(text);
        return t.left < i.left - 1 || t.right > i.right + 1 || t.top < i.top - 1
            || t.bottom > i.bottom + 1;
      };
      const found = {
        numImages: images.length,
        withoutSize: images.filter(it => !(box(it).width > 99 && box(it).height > 49)).map(name),
        cutLabels: images.flatMap(it => [...it.querySelectorAll('text')]
            .filter(text => cut(it, text)).map(text => name(it) + ': ' + text.textContent)),
      };
      document.body.innerHTML = '<pre>found=' + JSON.stringify(found) + '</pre>';
      </script>
      """;

  private Chromium() {}

  /**
   * @param errors lines of the console
   * @param withoutSize images that are too small to be seen
   * @param cutLabels texts that reach out of their image
   */
  record Layout(
      int numImages, List<String> withoutSize, List<String> cutLabels, List<String> errors) {}

  static Layout layout(Path page, Path folder) throws Exception {
    String program = program();
    Path measured = Files.createTempDirectory(folder, "page").resolve("page.html");
    Files.writeString(measured, Files.readString(page).replace("</body>", SCRIPT + "</body>"));
    Path err = measured.resolveSibling("err");
    Path out = measured.resolveSibling("out");
    Process process =
        new ProcessBuilder(
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--window-size=1280,2000",
                "--user-data-dir=" + measured.resolveSibling("profile"),
                "--dump-dom",
                measured.toUri().toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertTrue(ended, "chromium hangs");
    Matcher found = Pattern.compile("<pre>found=(.*?)</pre>").matcher(Files.readString(out));
    assertTrue(found.find(), Files.readString(err));
    String json = found.group(1).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    Layout layout = new Gson().fromJson(json, Layout.class);
    List<String> errors =
        Files.readAllLines(err).stream().filter(line -> line.contains("CONSOLE")).toList();
    return new Layout(layout.numImages, layout.withoutSize, layout.cutLabels, errors);
  }

  private static String program() {
    List<Path> places =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .flatMap(it -> List.of("chromium", "google-chrome").stream().map(Path.of(it)::resolve))
            .filter(Files::isExecutable)
            .toList();
    assumeTrue(!places.isEmpty(), "no chromium is installed: the page is not looked at");
    return places.getFirst().toString();
  }
}
