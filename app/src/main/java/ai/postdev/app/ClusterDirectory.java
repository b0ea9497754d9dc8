package ai.postdev.app;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ClusterFacts.HeldProject;
import ai.postdev.coordinator.gateway.Directory;
import ai.postdev.coordinator.registry.ClusterView;
import ai.postdev.v1.Member;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the doors know of the cluster: the newest view that the registry pushed. Safe on any thread. */
final class ClusterDirectory implements Directory {
    private volatile Optional<ClusterView> view = Optional.empty();

    void show(ClusterView newer) {
        view = Optional.of(newer);
    }

    @Override
    public List<KnownProject> projects() {
        return view.stream()
                .flatMap(known -> known.projects().values().stream())
                .flatMap(List::stream)
                .flatMap(ClusterDirectory::rows)
                .toList();
    }

    @Override
    public Optional<String> absence(ProjectId project) {
        return view.flatMap(known -> known.absence(project));
    }

    private static Stream<KnownProject> rows(HeldProject held) {
        return held.checkouts().isEmpty()
                ? Stream.of(new KnownProject(
                        held.project(), held.name(), "", held.node().value()))
                : held.checkouts().stream()
                        .map(checkout -> new KnownProject(
                                held.project(),
                                held.name(),
                                checkout.root(),
                                held.node().value()));
    }

    @Override
    public List<Member> members() {
        return view.map(known -> known.status().getMembersList()).orElse(List.of());
    }

    @Override
    public String leader() {
        return view.map(ClusterView::leader).orElse("");
    }
}
