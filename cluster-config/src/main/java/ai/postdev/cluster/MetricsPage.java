package ai.postdev.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.ExtensionId;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.ManagementRouteProvider;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;

/**
 * {@code /metrics} of the management port, as reference.conf names it for Pekko: whatever the node serves there, and 503
 * until it does. Nothing runs while nobody asks. Any thread.
 */
public final class MetricsPage extends AbstractExtensionId<MetricsPage.Page> implements ExtensionIdProvider {
    private static final MetricsPage ID = new MetricsPage();

    /** What is served: the type of the content, and the content of each request. */
    private record Served(ContentType type, Supplier<CompletionStage<String>> content) {}

    /** Made by Pekko, by name. */
    public MetricsPage() {}

    /**
     * From now on this is the page.
     *
     * @param contentType as HTTP writes it
     * @param content made for each request; must not block
     */
    public static void serve(ActorSystem system, String contentType, Supplier<CompletionStage<String>> content) {
        ID.get(system).served = Optional.of(new Served(ContentTypes.parse(contentType), content));
    }

    @Override
    public Page createExtension(ExtendedActorSystem system) {
        return new Page();
    }

    @Override
    public ExtensionId<Page> lookup() {
        return ID;
    }

    /** The page of one actor system. */
    public static final class Page implements ManagementRouteProvider {
        private volatile Optional<Served> served = Optional.empty();

        private Page() {}

        @Override
        public Route routes(ManagementRouteProviderSettings settings) {
            // Looked up for each request: the route itself is made once, before there is a page.
            return Directives.path(
                    "metrics",
                    () -> Directives.get(() -> Directives.extractRequest(_ -> served.map(Page::answer)
                            .orElseGet(() -> Directives.complete(
                                    StatusCodes.SERVICE_UNAVAILABLE, "the node is starting; ask again in a moment")))));
        }

        private static Route answer(Served page) {
            return Directives.completeWithFuture(page.content()
                    .get()
                    .thenApply(text -> HttpResponse.create()
                            .withEntity(HttpEntities.create(page.type(), text.getBytes(StandardCharsets.UTF_8)))));
        }
    }
}
