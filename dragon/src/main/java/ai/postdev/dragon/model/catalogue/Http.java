package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Asks a server. It follows redirects itself: the token goes to the hub's own scheme, host and port and nowhere else, and
 * no redirect leads from https to http. Any thread; blocks; a cancel wakes it up.
 */
final class Http implements AutoCloseable {
    private static final int REDIRECTS_MAX = 10;

    private final HttpClient client;
    private final URI hub;
    private final Optional<String> token;
    private final Duration idle;

    /** An answer; the body must be closed. */
    record Answer(int status, java.net.http.HttpHeaders headers, URI from, Body body) implements AutoCloseable {
        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        @Override
        public void close() {
            body.close();
        }
    }

    Http(CatalogueSettings settings, Optional<String> token) {
        this.hub = settings.hub();
        this.token = token;
        this.idle = settings.idleTimeout();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    boolean hasToken() {
        return token.isPresent();
    }

    /**
     * Asks for {@code uri}, wherever that leads. Headers of redirects whose names begin with {@code x-} are kept in
     * {@code seen}: the hub says there what the file is.
     *
     * @throws IOException if the server cannot be reached or does not answer in time
     */
    Answer get(URI uri, Map<String, String> headers, Map<String, String> seen, Cancellation cancellation)
            throws IOException {
        URI at = uri;
        for (int i = 0; i <= REDIRECTS_MAX; i++) {
            Answer answer = once(at, headers, cancellation);
            if (!isRedirect(answer.status())) {
                return answer;
            }
            try (answer) {
                answer.headers().map().forEach((name, values) -> {
                    String small = name.toLowerCase(Locale.ROOT);
                    if (small.startsWith("x-") && !values.isEmpty()) {
                        seen.putIfAbsent(small, values.getFirst());
                    }
                });
                at = next(at, answer);
            }
        }
        throw refused(uri, "it leads on more than " + REDIRECTS_MAX + " times");
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private URI next(URI from, Answer answer) throws CatalogueRefused {
        String location = answer.header("location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw refused(from, "it leads to '" + location + "', which is no address");
        }
        String scheme = String.valueOf(to.getScheme());
        if (location.isEmpty() || to.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw refused(from, "it leads to '" + location + "', expected an address that begins with https://");
        }
        if (scheme.equals("http") && hub.getScheme().equals("https")) {
            throw refused(
                    from, "it leads from https to " + scheme + "://" + to.getHost() + ", which anybody could read");
        }
        return to;
    }

    private static CatalogueRefused refused(URI uri, String found) {
        return new CatalogueRefused(Reply.Reason.FAILED, shown(uri) + " cannot be followed: " + found);
    }

    /** Without its query, which may hold a signature. */
    static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    private boolean isHub(URI uri) {
        return uri.getScheme().equals(hub.getScheme())
                && hub.getHost().equalsIgnoreCase(uri.getHost())
                && port(uri) == port(hub);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private Answer once(URI uri, Map<String, String> headers, Cancellation cancellation) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(idle)
                .header("User-Agent", "postdevai")
                .GET();
        headers.forEach(request::header);
        if (token.isPresent() && isHub(uri)) {
            request.header("Authorization", "Bearer " + token.get());
        }
        Body body = new Body();
        CompletableFuture<HttpResponse<Body>> sent = client.sendAsync(request.build(), _ -> body);
        try (Cancellation.Registration _ = cancellation.onCancel(() -> sent.cancel(true))) {
            HttpResponse<Body> response = sent.get();
            return new Answer(response.statusCode(), response.headers(), uri, body);
        } catch (CancellationException e) {
            body.close();
            throw new PullCancelled(shown(uri));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sent.cancel(true);
            body.close();
            throw new PullCancelled(shown(uri));
        } catch (ExecutionException e) {
            body.close();
            Throwable cause = e.getCause();
            String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(shown(uri) + " cannot be reached: " + said, cause);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
