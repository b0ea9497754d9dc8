package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gets one file from a server into a file here, going on where an earlier attempt stopped. What the server calls the
 * version of the file (its ETag) is asked for again, so that never two versions are put together. One thread; blocks.
 */
final class Transfer {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(500);
    private static final long SPACE_LOOK_BYTES = 64 << 20;

    private final Http http;
    private final CatalogueSettings settings;
    private final ModelStore store;
    private final Pauses pauses;
    private final Cancellation cancellation;

    Transfer(Http http, CatalogueSettings settings, ModelStore store, Pauses pauses, Cancellation cancellation) {
        this.http = http;
        this.settings = settings;
        this.store = store;
        this.pauses = pauses;
        this.cancellation = cancellation;
    }

    /**
     * What to get.
     *
     * @param what for messages
     * @param bytes that it must have; -1: not known
     * @param part that gets the bytes; what is there already is gone on from
     */
    record Wanted(String what, URI uri, long bytes, Path part) {}

    /** Keeps the ETag of what is being fetched. */
    interface Etag {
        /** Empty: none is known. */
        String value();

        void seen(String etag) throws IOException;
    }

    /** Is told how many bytes of the file are here. */
    @FunctionalInterface
    interface Moved {
        void bytes(long here);
    }

    /** What to do after an attempt. */
    private enum Next {
        DONE,
        AGAIN
    }

    /** @throws CatalogueRefused if it cannot be had; what came stays, to be gone on from */
    void run(Wanted wanted, Etag etag, Moved moved) throws IOException {
        int failures = 0;
        Duration wait = BACKOFF_FIRST;
        while (true) {
            cancellation.check(wanted.what());
            long before = here(wanted);
            Optional<Duration> asked = Optional.empty();
            String why;
            try {
                if (attempt(wanted, etag, moved) == Next.DONE) {
                    return;
                }
                why = "it was changed while it came";
            } catch (Busy e) {
                asked = e.after();
                why = e.getMessage();
            } catch (CatalogueRefused e) {
                throw e;
            } catch (IOException e) {
                cancellation.check(wanted.what());
                why = e.getMessage();
            }
            boolean came = here(wanted) > before;
            failures = came ? 1 : failures + 1;
            wait = came ? BACKOFF_FIRST : wait.multipliedBy(2);
            if (failures >= settings.attempts()) {
                throw new CatalogueRefused(
                        Reply.Reason.FAILED,
                        wanted.what() + " could not be fetched in " + failures + " attempts: " + why + "; "
                                + here(wanted) + " bytes are kept, the same pull goes on from there");
            }
            pauses.pause(asked.orElse(wait), cancellation);
        }
    }

    /** A server that asks to come again. */
    static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Optional<Duration> after;

        Busy(String message, Optional<Duration> after) {
            super(message);
            this.after = after;
        }

        Optional<Duration> after() {
            return after;
        }
    }

    private static long here(Wanted wanted) throws IOException {
        return Files.exists(wanted.part()) ? Files.size(wanted.part()) : 0;
    }

    private Next attempt(Wanted wanted, Etag etag, Moved moved) throws IOException {
        long from = here(wanted);
        if (from == wanted.bytes()) {
            moved.bytes(from);
            return Next.DONE;
        }
        if (from > 0 && (etag.value().isEmpty() || wanted.bytes() >= 0 && from > wanted.bytes())) {
            Files.delete(wanted.part());
            from = 0;
        }
        Map<String, String> headers = new HashMap<>();
        // A body that is compressed on the way has other lengths than the file.
        headers.put("Accept-Encoding", "identity");
        if (from > 0) {
            headers.put("Range", "bytes=" + from + "-");
            headers.put("If-Range", etag.value());
        }
        try (Http.Answer answer = http.get(wanted.uri(), headers, new HashMap<>(), cancellation)) {
            return switch (answer.status()) {
                case 200 -> {
                    Files.deleteIfExists(wanted.part());
                    etag.seen(strong(answer));
                    yield take(
                            wanted,
                            0,
                            said(wanted, answer.header("content-length").map(Transfer::number)),
                            answer,
                            moved);
                }
                case 206 -> partial(wanted, from, answer, moved);
                case 416 -> {
                    Files.deleteIfExists(wanted.part());
                    yield Next.AGAIN;
                }
                default -> throw refusal(wanted.what(), answer);
            };
        }
    }

    private Next partial(Wanted wanted, long from, Http.Answer answer, Moved moved) throws IOException {
        Matcher range = RANGE.matcher(answer.header("content-range").orElse(""));
        if (!range.matches() || number(range.group(1)) != from) {
            Files.deleteIfExists(wanted.part());
            throw new IOException("the server sent '"
                    + answer.header("content-range").orElse("") + "' where from byte " + from + " on was asked for");
        }
        Optional<Long> whole = range.group(3).equals("*") ? Optional.empty() : Optional.of(number(range.group(3)));
        return take(wanted, from, said(wanted, whole), answer, moved);
    }

    private static long number(String digits) {
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }

    /** The size of the file; -1: nobody says it. */
    private long said(Wanted wanted, Optional<Long> answered) throws IOException {
        long said = answered.orElse(-1L);
        if (wanted.bytes() >= 0 && said >= 0 && said != wanted.bytes()) {
            throw new CatalogueRefused(
                    Reply.Reason.FAILED,
                    wanted.what() + " shall have " + said + " bytes, " + wanted.bytes()
                            + " were announced; nothing of it is kept");
        }
        long bytes = wanted.bytes() >= 0 ? wanted.bytes() : said;
        store.requireSpace(wanted.what(), Math.max(0, bytes - here(wanted)));
        if (bytes > settings.bytesMax()) {
            store.requireSpace(wanted.what(), bytes);
        }
        return bytes;
    }

    private Next take(Wanted wanted, long from, long bytes, Http.Answer answer, Moved moved) throws IOException {
        long bound = bytes >= 0 ? bytes : settings.bytesMax();
        long here = from;
        long looked = from;
        try (FileChannel to = FileChannel.open(wanted.part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Cancellation.Registration _ = cancellation.onCancel(answer::close)) {
            to.position(from);
            for (Optional<List<ByteBuffer>> next = answer.body().next(settings.idleTimeout());
                    next.isPresent();
                    next = answer.body().next(settings.idleTimeout())) {
                for (ByteBuffer piece : next.get()) {
                    here += piece.remaining();
                    if (here > bound) {
                        to.truncate(0);
                        throw new CatalogueRefused(
                                Reply.Reason.FAILED,
                                wanted.what() + " gives more than the " + bound + " bytes that "
                                        + (bytes >= 0
                                                ? "were announced"
                                                : "postdevai.models.catalogue.bytes-max allows")
                                        + "; nothing of it is kept");
                    }
                    write(piece, to, wanted);
                }
                cancellation.check(wanted.what());
                moved.bytes(here);
                if (here - looked >= SPACE_LOOK_BYTES) {
                    looked = here;
                    store.requireSpace(wanted.what(), Math.max(0, bytes - here));
                }
            }
        }
        if (bytes >= 0 && here < bytes) {
            throw new IOException("the connection ended after " + here + " of " + bytes + " bytes");
        }
        return Next.DONE;
    }

    private static void write(ByteBuffer piece, FileChannel to, Wanted wanted) throws CatalogueRefused {
        try {
            while (piece.hasRemaining()) {
                to.write(piece);
            }
        } catch (IOException e) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    wanted.what() + " cannot be written: " + e.getMessage()
                            + "; make room on the disk, the same pull goes on from where it stopped",
                    e);
        }
    }

    /** A weak ETag promises no equal bytes, so it is none here. */
    private static String strong(Http.Answer answer) {
        return answer.header("etag").filter(etag -> etag.startsWith("\"")).orElse("");
    }

    /** What an answer means that brings no bytes. */
    IOException refusal(String what, Http.Answer answer) {
        String who = Http.shown(answer.from());
        return switch (answer.status()) {
            case 401, 403 ->
                new CatalogueRefused(
                        Reply.Reason.PRECONDITION,
                        http.hasToken()
                                ? what + " is not open to this token (" + answer.status() + " from " + who
                                        + "): the name may be wrong, the token too old, or the licence not yet accepted on"
                                        + " the hub's page of the model"
                                : what + " asks for a token (" + answer.status() + " from " + who
                                        + "), or the name is wrong: set " + HubToken.VARIABLE
                                        + ", or postdevai.models.catalogue.token-file");
            case 404, 410 ->
                new CatalogueRefused(
                        Reply.Reason.NOT_FOUND,
                        what + " is not there (" + answer.status() + " from " + who
                                + "); check owner, repository, file and revision");
            case 408, 429, 500, 502, 503, 504 -> busy(what, who, answer);
            default ->
                new CatalogueRefused(
                        Reply.Reason.FAILED, what + " cannot be had: " + who + " answers " + answer.status());
        };
    }

    private IOException busy(String what, String who, Http.Answer answer) {
        Optional<Duration> after = answer.header("retry-after").flatMap(Transfer::after);
        String said = who + " answers " + answer.status();
        if (after.isPresent() && after.get().compareTo(settings.retryAfterMax()) > 0) {
            return new CatalogueRefused(
                    Reply.Reason.OVERLOADED,
                    what + " cannot be had now: " + said + " and asks to come again in "
                            + after.get().toSeconds()
                            + " s, longer than postdevai.models.catalogue.retry-after-max; pull it again then");
        }
        return new Busy(said, after);
    }

    /** In seconds or as a date, as RFC 9110 has it. */
    private static Optional<Duration> after(String header) {
        String text = header.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            ZonedDateTime then =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT));
            Duration left = Duration.between(ZonedDateTime.now(then.getZone()), then);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
