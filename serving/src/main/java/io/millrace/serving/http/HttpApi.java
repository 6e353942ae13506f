package io.millrace.serving.http;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.BadInputException;
import io.millrace.serving.models.Model;
import io.millrace.serving.models.ModelContext;
import io.millrace.serving.protocol.RequestException;
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
 * Every request: who may call, what an error looks like, and the addresses that are no model's. The
 * next class to read is {@code ModelApi}.
 *
 * <pre>
 *   GET  /                                             a page that shows what it does
 *   GET  /metrics                                      Prometheus
 *   GET  /v2/health/live, /v2/health/ready
 *        /v2...                                        ModelApi
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class HttpApi implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(HttpApi.class.getName());
  private static final String NO_MODEL = "none";

  private final ModelContext context;
  private final Map<String, Model> models;
  private final ModelApi api;
  private final AccessToken token;
  private final OriginCheck origin;
  private final ClientRate rate;
  private final int maxBody;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean ready = true;
  private volatile boolean refusing;

  /**
   * @param models by name
   * @param host that the server was told to listen on
   * @param maxBody bytes of a request
   * @param maxNodes nodes of a request
   * @param maxRate requests of a client per second; 0 for no limit
   */
  public HttpApi(
      ModelContext context,
      Map<String, Model> models,
      AccessToken token,
      String host,
      int maxBody,
      int maxNodes,
      double maxRate) {
    this.context = context;
    this.models = Map.copyOf(models);
    this.token = token;
    this.maxBody = maxBody;
    api = new ModelApi(context, this.models, maxNodes);
    origin = OriginCheck.of(host, token);
    rate = new ClientRate(maxRate);
  }

  /** From now on it says that it is not ready, and connections end with their answer. */
  public void drain() {
    ready = false;
  }

  /** From now on each request gets 503, which is better than no answer. */
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
    origin.require(exchange.http().getRequestHeaders(), exchange.isSafe());
    if (path.isEmpty()) {
      exchange.require("GET");
      exchange.send(200, "text/html; charset=utf-8", page());
      return 200;
    }
    if (path.size() == 3 && path.subList(0, 2).equals(List.of("v2", "health"))) {
      return health(exchange, path.get(2));
    }
    if (refusing) {
      throw RequestException.shed("the server ends", 1);
    }
    rate.require(exchange.http().getRemoteAddress().getAddress(), arrived);
    if (!token.allows(
        Optional.ofNullable(exchange.http().getRequestHeaders().getFirst("Authorization")))) {
      exchange.http().getResponseHeaders().set("WWW-Authenticate", "Bearer");
      throw RequestException.of(401, "the token is missing or wrong", "header", "Authorization");
    }
    if (path.equals(List.of("metrics"))) {
      exchange.require("GET");
      byte[] text = context.metrics().text().getBytes(StandardCharsets.UTF_8);
      exchange.send(200, "text/plain; version=0.0.4; charset=utf-8", text);
      return 200;
    }
    exchange.json(200, api.answer(exchange, path, arrived));
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
    exchange.require("GET");
    boolean live = kind.equals("live");
    if (!live && !kind.equals("ready")) {
      throw ModelApi.noSuchAddress();
    }
    boolean value = live || ready;
    JsonObject object = new JsonObject();
    object.addProperty(kind, value);
    int status = value ? 200 : 503;
    exchange.json(status, object);
    return status;
  }
}
