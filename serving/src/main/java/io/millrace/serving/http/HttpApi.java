package io.millrace.serving.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.BadInputException;
import io.millrace.serving.models.EnsembleModel;
import io.millrace.serving.models.Model;
import io.millrace.serving.models.ModelContext;
import io.millrace.serving.models.ModelSlot;
import io.millrace.serving.protocol.InferRequest;
import io.millrace.serving.protocol.NodeInput;
import io.millrace.serving.protocol.RequestException;
import io.millrace.serving.protocol.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The addresses of a server.
 *
 * <pre>
 *   GET  /                                             a page that shows what it does
 *   GET  /metrics                                      Prometheus
 *   GET  /v2/health/live, /v2/health/ready
 *   GET  /v2                                           name, version
 *   GET  /v2/models                                    names
 *   GET  /v2/models/NAME[/versions/V]                  inputs and outputs
 *   GET  /v2/models/NAME[/versions/V]/ready
 *   POST /v2/models/NAME[/versions/V]/infer
 *   POST /v2/models/NAME/feedback                      of an ensemble
 *   POST /v2/repository/models/NAME/load               reads the model again
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class HttpApi implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(HttpApi.class.getName());
  private static final String NO_MODEL = "none";
  private static final int FEEDBACK_OBJECTIVES = 20;

  private final ModelContext context;
  private final Map<String, Model> models;
  private final InferHandler inferring;
  private final NodeResolver resolver;
  private final AccessToken token;
  private final int maxBody;
  private final int maxNodes;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean ready = true;
  private volatile boolean refusing;

  /**
   * @param models by name
   * @param maxBody bytes of a request
   * @param maxNodes nodes of a request
   */
  public HttpApi(
      ModelContext context,
      Map<String, Model> models,
      AccessToken token,
      int maxBody,
      int maxNodes) {
    this.context = context;
    this.models = Map.copyOf(models);
    this.token = token;
    this.maxBody = maxBody;
    this.maxNodes = maxNodes;
    inferring = new InferHandler(context, maxNodes);
    resolver = new NodeResolver(context.data());
  }

  /** From now on it says that it is not ready, and connections end with their answer. */
  public void drain() {
    ready = false;
  }

  /** From now on whoever asks for something gets 503, which is better than no answer. */
  public void refuse() {
    refusing = true;
  }

  /** How many requests are being answered. */
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public void handle(HttpExchange http) throws IOException {
    inFlight.incrementAndGet();
    try {
      handleCounted(http);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private void handleCounted(HttpExchange http) throws IOException {
    long arrived = System.nanoTime();
    Exchange exchange = new Exchange(http, maxBody, !ready);
    List<String> path =
        Arrays.stream(http.getRequestURI().getPath().split("/"))
            .filter(part -> !part.isEmpty())
            .toList();
    int status = 500;
    try (http) {
      try {
        status = answer(exchange, path, arrived);
      } catch (RequestException e) {
        status = e.status();
        exchange.error(status, e.getMessage(), e.retryAfterSeconds());
      } catch (BadInputException e) {
        status = 400;
        exchange.error(status, e.getMessage(), OptionalLong.empty());
      } catch (RuntimeException | Error e) { // a fault: the client hears of it, the server lives
        LOG.log(Level.ERROR, "request failed: " + http.getRequestURI().getPath(), e);
        exchange.error(status, "internal error", OptionalLong.empty());
      }
    } catch (IOException e) { // the client is gone
      LOG.log(Level.DEBUG, "connection lost", e);
    }
    String model =
        path.size() > 2 && path.get(1).equals("models") && models.containsKey(path.get(2))
            ? path.get(2)
            : NO_MODEL;
    if (path.size() > 3) {
      context.metrics().answered(model, status, System.nanoTime() - arrived);
    }
  }

  /** Answers, and returns the status. */
  private int answer(Exchange exchange, List<String> path, long arrived) throws IOException {
    if (path.isEmpty()) {
      require(exchange, "GET");
      exchange.send(200, "text/html; charset=utf-8", page());
      return 200;
    }
    if (path.size() == 3 && path.subList(0, 2).equals(List.of("v2", "health"))) {
      return health(exchange, path.get(2));
    }
    if (refusing) {
      throw RequestException.shed("the server ends", 1);
    }
    if (!token.allows(
        Optional.ofNullable(exchange.http().getRequestHeaders().getFirst("Authorization")))) {
      exchange.http().getResponseHeaders().set("WWW-Authenticate", "Bearer");
      throw RequestException.of(401, "the token is missing or wrong", "header", "Authorization");
    }
    if (path.equals(List.of("metrics"))) {
      require(exchange, "GET");
      byte[] text = context.metrics().text().getBytes(StandardCharsets.UTF_8);
      exchange.send(200, "text/plain; version=0.0.4; charset=utf-8", text);
      return 200;
    }
    exchange.json(200, v2(exchange, path, arrived));
    return 200;
  }

  private static byte[] page() {
    try (InputStream in = HttpApi.class.getResourceAsStream("page.html")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int health(Exchange exchange, String kind) throws IOException {
    require(exchange, "GET");
    boolean live = kind.equals("live");
    if (!live && !kind.equals("ready")) {
      throw noSuchAddress();
    }
    boolean value = live || ready;
    JsonObject object = new JsonObject();
    object.addProperty(kind, value);
    int status = value ? 200 : 503;
    exchange.json(status, object);
    return status;
  }

  private JsonObject v2(Exchange exchange, List<String> path, long arrived) throws IOException {
    if (!path.getFirst().equals("v2")) {
      throw noSuchAddress();
    }
    if (path.size() == 1) {
      require(exchange, "GET");
      return serverMetadata();
    }
    if (path.equals(List.of("v2", "models"))) {
      require(exchange, "GET");
      return names();
    }
    if (path.size() == 5
        && path.subList(1, 3).equals(List.of("repository", "models"))
        && path.get(4).equals("load")) {
      require(exchange, "POST");
      return load(model(path.get(3)));
    }
    if (path.size() < 3 || !path.get(1).equals("models")) {
      throw noSuchAddress();
    }
    Model model = model(path.get(2));
    List<String> rest = path.subList(3, path.size());
    if (rest.size() >= 2 && rest.getFirst().equals("versions")) {
      requireVersion(model, rest.get(1));
      rest = rest.subList(2, rest.size());
    }
    return of(exchange, model, rest.isEmpty() ? "" : String.join("/", rest), arrived);
  }

  private JsonObject of(Exchange exchange, Model model, String action, long arrived)
      throws IOException {
    switch (action) {
      case "" -> {
        require(exchange, "GET");
        return inferring.metadata(model);
      }
      case "ready" -> {
        require(exchange, "GET");
        JsonObject object = new JsonObject();
        object.addProperty("name", model.name());
        object.addProperty("ready", true);
        return object;
      }
      case "infer" -> {
        require(exchange, "POST");
        return inferring.infer(model, exchange.body(), arrived);
      }
      case "feedback" -> {
        require(exchange, "POST");
        return feedback(model, exchange.body(), arrived);
      }
      default -> throw noSuchAddress();
    }
  }

  private static JsonObject serverMetadata() {
    JsonObject object = new JsonObject();
    object.addProperty("name", "millrace");
    object.addProperty(
        "version",
        Optional.ofNullable(HttpApi.class.getPackage().getImplementationVersion()).orElse("dev"));
    object.add("extensions", new JsonArray());
    return object;
  }

  private JsonObject names() {
    JsonArray names = new JsonArray();
    models.keySet().stream().sorted().forEach(names::add);
    JsonObject object = new JsonObject();
    object.add("models", names);
    return object;
  }

  private static JsonObject load(Model model) {
    if (!(model instanceof ModelSlot slot)) {
      throw RequestException.of(400, "an ensemble is not loaded", "model", model.name());
    }
    JsonObject object = new JsonObject();
    object.addProperty("name", model.name());
    object.addProperty("version", Integer.toString(slot.reload()));
    return object;
  }

  private JsonObject feedback(Model model, byte[] body, long arrived) {
    if (!(model instanceof EnsembleModel ensemble)) {
      throw RequestException.of(400, "feedback is for an ensemble", "model", model.name());
    }
    if (model.shape().multiLabel()) {
      throw RequestException.of(400, "feedback needs one class per node", "model", model.name());
    }
    JsonObject request = StrictJson.object(body);
    JsonArray given = StrictJson.array(request, "nodes");
    InferRequest.requireSize(given.size(), maxNodes);
    boolean named = !given.isEmpty() && isText(given.get(0));
    int[] nodes =
        resolver.nodes(
            named
                ? new NodeInput.NodeRefs.Names(
                    given.asList().stream().map(it -> StrictJson.text("nodes", it)).toList())
                : new NodeInput.NodeRefs.Ids(numbers(given, "nodes")));
    long[] labels = numbers(StrictJson.array(request, "labels"), "labels");
    int numClasses = model.shape().numClasses();
    if (labels.length != nodes.length
        || Arrays.stream(labels).anyMatch(label -> label < 0 || label >= numClasses)) {
      throw RequestException.of(
          400,
          "feedback needs a class per node",
          "nodes",
          nodes.length,
          "labels",
          labels.length,
          "classes",
          numClasses);
    }
    long deadline = arrived + FEEDBACK_OBJECTIVES * context.settings().sloNanos();
    double[] weights =
        ensemble.feedback(
            nodes,
            Arrays.stream(labels).mapToInt(Math::toIntExact).toArray(),
            StrictJson.text(request, "model"),
            deadline);
    JsonArray values = new JsonArray();
    Arrays.stream(weights).forEach(values::add);
    JsonObject object = new JsonObject();
    object.add("weights", values);
    return object;
  }

  private static boolean isText(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
  }

  private static long[] numbers(JsonArray array, String name) {
    return array.asList().stream().mapToLong(it -> StrictJson.wholeNumber(name, it)).toArray();
  }

  private Model model(String name) {
    Model model = models.get(name);
    if (model == null) {
      throw RequestException.of(404, "no such model", "name", name);
    }
    return model;
  }

  private static void requireVersion(Model model, String version) {
    if (!model.version().equals(version)) {
      throw RequestException.of(404, "no such version", "model", model.name(), "version", version);
    }
  }

  private static RequestException noSuchAddress() {
    return RequestException.of(404, "no such address", "see", "/v2");
  }

  private static void require(Exchange exchange, String method) {
    boolean head = method.equals("GET") && exchange.method().equals("HEAD");
    if (!head && !exchange.method().equals(method)) {
      throw RequestException.of(405, "wrong method", "method", exchange.method(), "use", method);
    }
  }
}
