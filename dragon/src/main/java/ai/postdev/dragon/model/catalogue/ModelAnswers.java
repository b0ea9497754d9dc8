package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.ModelFile;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelMemory;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.PullState;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The catalogue as its callers see it. */
final class ModelAnswers {
    /** Tokens of the context for which the memory is given as an example: what most requests stay below. */
    private static final long CONTEXT_EXAMPLE = 4_096;

    private static final String PULLING = "pulling";

    private ModelAnswers() {}

    /**
     * All models.
     *
     * @param only this one; empty: all
     * @param pulls that are under way, by name
     * @throws CatalogueRefused if there is no model of the name {@code only}
     */
    static ModelsAnswer of(StoreAccess access, KnownModels known, String only, Map<String, ModelProgress> pulls)
            throws IOException {
        ModelStore store = access.store();
        Map<String, ModelInfo.Builder> all = new TreeMap<>();
        for (InstalledModel model : store.list()) {
            all.put(model.name().value(), info(model, access.usage()));
        }
        for (KnownModel model : known.all()) {
            all.computeIfAbsent(model.name().value(), _ -> known(model))
                    .setSummary(model.summary())
                    .setDefault(model.isDefault());
        }
        pulls.forEach((name, progress) -> all.computeIfAbsent(
                        name, _ -> ModelInfo.newBuilder().setName(name).setSource(progress.getSource()))
                .setPull(state(progress))
                .setState(PULLING));
        ModelsAnswer.Builder answer = ModelsAnswer.newBuilder().setDiskFreeBytes(store.diskFree());
        all.values().forEach(model -> answer.setBytes(answer.getBytes() + (isHere(model) ? model.getBytes() : 0)));
        if (only.isEmpty()) {
            all.values().forEach(answer::addModels);
            return answer.addAllFindings(store.findings()).build();
        }
        String name = ModelName.parse(only).value();
        ModelInfo.Builder found = all.get(name);
        if (found == null) {
            store.find(name); // says what is wrong with it, if it is here and damaged
            throw new CatalogueRefused(
                    Reply.Reason.NOT_FOUND,
                    "no model '" + name + "' is here or known; there are "
                            + all.keySet().stream().collect(Collectors.joining(", ")));
        }
        return answer.addModels(found).build();
    }

    private static boolean isHere(ModelInfo.Builder model) {
        return Set.of("installed", PULLING).contains(model.getState());
    }

    private static ModelInfo.Builder known(KnownModel model) {
        return ModelInfo.newBuilder()
                .setName(model.name().value())
                .setState("known")
                .setSource(model.source().text())
                .setLicence(model.licence())
                .setBytes(model.bytes());
    }

    static ModelInfo.Builder info(InstalledModel model, UsageProbe usage) {
        Manifest manifest = model.manifest();
        Manifest.Facts facts = manifest.facts();
        ModelInfo.Builder info = ModelInfo.newBuilder()
                .setName(manifest.name().value())
                .setState(manifest.builtIn() ? "built-in" : "installed")
                .setSource(manifest.source().text())
                .setRevision(manifest.revision())
                .setKind(small(manifest.kind()))
                .setFormat(small(manifest.format()))
                .setLicence(manifest.licence())
                .setArchitecture(facts.architecture())
                .setQuantisation(facts.quantisation())
                .setParameters(facts.parameters())
                .setContextTokens(facts.contextTokens())
                .setLayers(facts.layers())
                .setDimensions(facts.dimensions())
                .setVocabulary(facts.vocabulary())
                .setChatTemplate(facts.chatTemplate())
                .setMemory(memory(manifest))
                .setUsedBy(usage.userOf(manifest.name()).orElse(""))
                .setBytes(manifest.bytes());
        if (!manifest.builtIn()) {
            info.setPulled(manifest.pulled().toString()).setFile(model.file().toString());
        }
        manifest.files()
                .forEach(file -> info.addFiles(ModelFile.newBuilder()
                        .setName(file.name())
                        .setBytes(file.bytes())
                        .setSha256(file.sha256().hex())));
        return info;
    }

    private static ModelMemory memory(Manifest manifest) {
        Manifest.Memory memory = manifest.memory();
        long trained = manifest.facts().contextTokens();
        long context = trained == 0 ? CONTEXT_EXAMPLE : Math.min(trained, CONTEXT_EXAMPLE);
        return ModelMemory.newBuilder()
                .setWeightBytes(memory.weightBytes())
                .setKvBytesPerToken(memory.kvBytesPerToken())
                .setOverheadBytes(memory.overheadBytes())
                .setContextTokens(context)
                .setBytes(memory.bytes(context))
                .build();
    }

    private static PullState state(ModelProgress progress) {
        return PullState.newBuilder()
                .setPhase(progress.getPhase())
                .setDoneBytes(progress.getDoneBytes())
                .setTotalBytes(progress.getTotalBytes())
                .setBytesPerSecond(progress.getBytesPerSecond())
                .setSecondsLeft(progress.getSecondsLeft())
                .setAhead(progress.getAhead())
                .build();
    }

    static ModelProgress.Builder progress(String name, String source, PullPace.Figures figures) {
        return ModelProgress.newBuilder()
                .setName(name)
                .setSource(source)
                .setPhase(small(figures.phase()))
                .setDoneBytes(figures.done())
                .setTotalBytes(figures.total())
                .setBytesPerSecond(figures.perSecond())
                .setSecondsLeft(figures.secondsLeft());
    }

    private static String small(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
