package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A model hub on this machine that behaves as it is told, also badly; raw sockets, one answer for each connection. */
final class FakeHub implements AutoCloseable {
    /** What was asked for. */
    record Request(String path, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /**
     * What to send.
     *
     * @param cut so many bytes of the body, then the connection ends
     * @param hang keep the connection open for ever after that
     */
    record Answer(int status, Map<String, String> headers, byte[] body, int cut, boolean hang) {
        static Answer of(int status, String... headers) {
            Map<String, String> all = new LinkedHashMap<>();
            for (int i = 0; i < headers.length; i += 2) {
                all.put(headers[i], headers[i + 1]);
            }
            return new Answer(status, all, new byte[0], Integer.MAX_VALUE, false);
        }

        Answer with(byte[] bytes) {
            return new Answer(status, headers, bytes, cut, hang);
        }

        Answer with(String name, String value) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put(name, value);
            return new Answer(status, all, body, cut, hang);
        }

        Answer cutAfter(int bytes) {
            return new Answer(status, headers, body, bytes, hang);
        }

        Answer hanging() {
            return new Answer(status, headers, body, cut, true);
        }
    }

    /** Answers a request. */
    interface Behaviour {
        Answer answer(Request request) throws IOException;
    }

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Deque<Behaviour> next = new ArrayDeque<>();
    private final Thread accepting;
    private final Deque<Behaviour> nextFiles = new ArrayDeque<>();
    private final List<Socket> open = Collections.synchronizedList(new java.util.ArrayList<>());
    final List<Request> requests = new CopyOnWriteArrayList<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    private final Map<String, byte[]> files = new TreeMap<>();
    volatile String commit = COMMIT;
    volatile boolean hashes = true;

    FakeHub() throws IOException {
        accepting = Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    FakeHub file(String path, byte[] bytes) {
        synchronized (files) {
            files.put(path, bytes);
        }
        return this;
    }

    /** Has the next request that is for a file answered so; several queue up. */
    FakeHub next(Behaviour... behaviours) {
        synchronized (next) {
            next.addAll(Arrays.asList(behaviours));
        }
        return this;
    }

    /** Has the next requests for files answered so, however often the listing is asked for. */
    FakeHub nextFiles(Behaviour... behaviours) {
        synchronized (next) {
            nextFiles.addAll(Arrays.asList(behaviours));
        }
        return this;
    }

    /** Drops what is queued up. */
    void forget() {
        synchronized (next) {
            next.clear();
        }
    }

    /** How a good server gives a file. */
    Answer good(Request request) {
        byte[] bytes;
        synchronized (files) {
            bytes = files.get(request.path().substring(request.path().indexOf("/resolve/") + 9 + commit.length() + 1));
        }
        if (bytes == null) {
            return Answer.of(404);
        }
        String etag = "\"" + ContentHash.of(bytes).hex() + "\"";
        String range = request.header("range");
        if (!range.isEmpty() && request.header("if-range").equals(etag)) {
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            return from >= bytes.length
                    ? Answer.of(416, "Content-Range", "bytes */" + bytes.length)
                    : Answer.of(
                                    206,
                                    "ETag",
                                    etag,
                                    "Content-Range",
                                    "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length)
                            .with(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        return Answer.of(200, "ETag", etag).with(bytes);
    }

    private Answer listing() {
        StringBuilder json = new StringBuilder(
                "{\"sha\":\"" + commit + "\",\"cardData\":{\"license\":\"apache-2.0\"},\"siblings\":[");
        synchronized (files) {
            String comma = "";
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                json.append(comma)
                        .append("{\"rfilename\":\"")
                        .append(file.getKey())
                        .append('"');
                if (hashes) {
                    json.append(",\"size\":").append(file.getValue().length);
                    if (file.getKey().endsWith(".json")) {
                        json.append(",\"blobId\":\"")
                                .append(git(file.getValue()))
                                .append('"');
                    } else {
                        json.append(",\"lfs\":{\"sha256\":\"")
                                .append(ContentHash.of(file.getValue()))
                                .append("\"}");
                    }
                }
                json.append('}');
                comma = ",";
            }
        }
        return Answer.of(200).with(json.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    }

    static String git(byte[] bytes) {
        try {
            java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return java.util.HexFormat.of().formatHex(digest.digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            if (line == null) {
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            Request request = new Request(line.split(" ")[1], headers);
            requests.add(request);
            send(answer(request), socket);
        } catch (SocketException e) {
            return; // the client left, as some tests want it to
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer answer(Request request) throws IOException {
        Behaviour behaviour;
        synchronized (next) {
            behaviour = next.poll();
            if (behaviour == null && !request.path().startsWith("/api/")) {
                behaviour = nextFiles.poll();
            }
        }
        if (behaviour != null) {
            return behaviour.answer(request);
        }
        return request.path().startsWith("/api/") ? listing() : good(request);
    }

    /** The listing, for tests that queue up behaviours from the first request on. */
    Answer listed(Request request) {
        return listing();
    }

    private void send(Answer answer, Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " x\r\nConnection: close\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (!answer.headers().containsKey("Content-Length") && !answer.headers().containsKey("Transfer-Encoding")) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(answer.body(), 0, Math.min(answer.cut(), answer.body().length));
        out.flush();
        if (answer.hang()) {
            hanging.countDown();
            while (socket.getInputStream().read() >= 0) {
                continue; // until the client leaves
            }
        }
    }

    /** Paths of files that were asked for. */
    List<Request> fileRequests() {
        return requests.stream()
                .filter(request -> !request.path().startsWith("/api/"))
                .toList();
    }

    /** Returns when nobody can connect any more. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : List.copyOf(open)) {
            socket.close();
        }
    }
}
