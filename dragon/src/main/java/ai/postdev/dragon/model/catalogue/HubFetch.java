package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes a model from a hub: asks which commit the revision is and what it holds, then gets the files of exactly that
 * commit and compares them with the hashes that the hub states. What was cut is gone on from as long as the revision is
 * the same commit.
 */
final class HubFetch implements Fetch {
    private static final String PART = ".part";
    private static final int LISTING_BYTES_MAX = 32 << 20;
    private static final String MAIN = "main";

    private final ModelStore store;
    private final CatalogueSettings settings;
    private final ModelSource.Hub source;
    private final Map<String, String> environment;
    private final Pauses pauses;

    /** @param environment where the token may be */
    HubFetch(
            ModelStore store,
            CatalogueSettings settings,
            ModelSource.Hub source,
            Map<String, String> environment,
            Pauses pauses) {
        this.store = store;
        this.settings = settings;
        this.source = source;
        this.environment = environment;
        this.pauses = pauses;
    }

    @Override
    public Fetched run(PullRoom room, PullProgress progress, Cancellation cancellation) throws IOException {
        try (Http http = new Http(settings, HubToken.read(environment, settings.tokenFile()))) {
            Transfer transfer = new Transfer(http, settings, store, pauses, cancellation);
            progress.moved(PullProgress.Phase.RESOLVING, 0, 0);
            HubListing listing = listing(http, transfer, cancellation);
            List<HubListing.File> files = listing.choose(source);
            for (HubListing.File file : files) {
                ModelFiles.checked(file.path(), source.text());
            }
            PullState state = resume(room, listing.commit());
            long total =
                    files.stream().mapToLong(file -> Math.max(0, file.bytes())).sum();
            requireSpace(room, total);
            List<Fetched.File> fetched = new ArrayList<>();
            long before = 0;
            for (HubListing.File file : files) {
                long done = before;
                state = fetch(
                        file,
                        listing.commit(),
                        room,
                        state,
                        transfer,
                        here -> progress.moved(PullProgress.Phase.DOWNLOADING, done + here, total));
                fetched.add(checked(file, room, progress, cancellation));
                before += fetched.getLast().bytes();
            }
            return new Fetched(listing.commit(), listing.licence(), fetched);
        }
    }

    private void requireSpace(PullRoom room, long total) throws IOException {
        long here = Math.min(total, FolderTree.bytes(room.folder()));
        if (total > settings.bytesMax()) {
            store.requireSpace(source.text(), total);
        }
        store.requireSpace(source.text(), total - here);
    }

    private PullState resume(PullRoom room, String commit) throws IOException {
        Optional<PullState> kept = PullState.read(room.state())
                .filter(state ->
                        state.source().equals(source.text()) && state.revision().equals(commit));
        if (kept.isPresent()) {
            return kept.get();
        }
        room.clear();
        PullState fresh = new PullState(source.text(), commit, Map.of());
        room.keep(fresh.text());
        return fresh;
    }

    private HubListing listing(Http http, Transfer transfer, Cancellation cancellation) throws IOException {
        String revision = source.revision().isEmpty() ? MAIN : source.revision();
        URI uri = at("/api/models/" + source.owner() + "/" + source.repo() + "/revision/" + encoded(revision)
                + "?blobs=true");
        Duration wait = Duration.ofMillis(500);
        for (int attempt = 1; ; attempt++) {
            String why;
            try (Http.Answer answer = http.get(uri, Map.of(), new HashMap<>(), cancellation);
                    Cancellation.Registration _ = cancellation.onCancel(answer::close)) {
                if (answer.status() == 200) {
                    byte[] json = answer.body().all(LISTING_BYTES_MAX, settings.idleTimeout());
                    return HubListing.read(new String(json, StandardCharsets.UTF_8), Http.shown(uri));
                }
                throw transfer.refusal(source.text(), answer);
            } catch (CatalogueRefused e) {
                throw e;
            } catch (Transfer.Busy e) {
                wait = e.after().orElse(wait.multipliedBy(2));
                why = e.getMessage();
            } catch (IOException e) {
                cancellation.check(source.text());
                wait = wait.multipliedBy(2);
                why = e.getMessage();
            }
            if (attempt >= settings.attempts()) {
                throw new CatalogueRefused(
                        Reply.Reason.UNAVAILABLE,
                        source.text() + " could not be asked for in " + attempt + " attempts: " + why
                                + "; is this machine online, and is postdevai.models.catalogue.hub right?");
            }
            pauses.pause(wait, cancellation);
            cancellation.check(source.text());
        }
    }

    private PullState fetch(
            HubListing.File file,
            String commit,
            PullRoom room,
            PullState state,
            Transfer transfer,
            Transfer.Moved moved)
            throws IOException {
        String name = ModelFiles.checked(file.path(), source.text());
        Path whole = room.folder().resolve(name);
        if (Files.exists(whole)) {
            moved.bytes(Files.size(whole));
            return state;
        }
        URI uri = at("/" + source.owner() + "/" + source.repo() + "/resolve/" + commit + "/"
                + Arrays.stream(file.path().split("/")).map(HubFetch::encoded).collect(Collectors.joining("/")));
        PullState[] now = {state};
        Transfer.Etag etag = new Transfer.Etag() {
            @Override
            public String value() {
                return now[0].etags().getOrDefault(name, "");
            }

            @Override
            public void seen(String value) throws IOException {
                if (!value.equals(value())) {
                    now[0] = now[0].with(name, value);
                    room.keep(now[0].text());
                }
            }
        };
        Path part = room.folder().resolve(name + PART);
        transfer.run(new Transfer.Wanted(source.text() + ", " + name, uri, file.bytes(), part), etag, moved);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        return now[0];
    }

    /** Compares a file with the hash that the hub states; one that differs is removed. */
    private Fetched.File checked(HubListing.File file, PullRoom room, PullProgress progress, Cancellation cancellation)
            throws IOException {
        String name = ModelFiles.checked(file.path(), source.text());
        Path whole = room.folder().resolve(name);
        long bytes = Files.size(whole);
        long[] done = {0};
        ContentHash found = FileHash.of(whole, step -> {
            done[0] += step;
            progress.moved(PullProgress.Phase.CHECKING, done[0], bytes);
            cancellation.check(source.text());
        });
        boolean right = (file.bytes() < 0 || file.bytes() == bytes)
                && file.sha256().map(found::equals).orElse(true)
                && (file.sha256().isPresent()
                        || file.gitBlob().isEmpty()
                        || file.gitBlob().equals(gitBlob(whole, bytes)));
        if (!right) {
            Files.delete(whole);
            throw new CatalogueRefused(
                    Reply.Reason.FAILED,
                    source.text() + ", " + name + ": what came has the SHA-256 " + found + " and " + bytes
                            + " bytes, the hub states "
                            + file.sha256().map(ContentHash::hex).orElse("git " + file.gitBlob()) + " and "
                            + file.bytes() + "; it was not kept, pull it again");
        }
        return new Fetched.File(name, bytes, found);
    }

    /** The name that git gives to a file's content: small files have no other hash on a hub. */
    private static String gitBlob(Path file, long bytes) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.US_ASCII));
            byte[] step = new byte[1 << 16];
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(step); read >= 0; read = in.read(step)) {
                    digest.update(step, 0, read);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private URI at(String path) {
        String base = settings.hub().toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
