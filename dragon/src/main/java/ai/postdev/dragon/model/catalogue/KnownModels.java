package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The models that can be asked for by name, with what they must turn out to be. */
public final class KnownModels {
    private static final String RESOURCE = "known.json";
    private static final int VERSION = 1;

    private final List<KnownModel> models;

    KnownModels(List<KnownModel> models) {
        this.models = List.copyOf(models);
    }

    /** Those that come with PostDevAI; reads a small resource. */
    public static KnownModels own() {
        try {
            return read();
        } catch (IOException e) {
            throw new IllegalStateException("the list of known models comes with this build", e);
        }
    }

    /** The same, for callers that handle a build without it. */
    public static KnownModels read() throws IOException {
        try (InputStream in = KnownModels.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new CatalogueRefused(
                        Reply.Reason.FAILED, "this build lacks its list of known models, " + RESOURCE);
            }
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static KnownModels read(String text) throws CatalogueRefused {
        JsonFields fields = JsonFields.of(text, RESOURCE);
        if (!fields.text("type").equals("postdevai-known-models") || fields.number("version") != VERSION) {
            throw new CatalogueRefused(
                    Reply.Reason.FAILED, RESOURCE + " is no list of known models of version " + VERSION);
        }
        List<KnownModel> models = new ArrayList<>();
        for (JsonFields model : fields.objects("models")) {
            models.add(model(model));
        }
        return new KnownModels(models);
    }

    private static KnownModel model(JsonFields model) throws CatalogueRefused {
        List<KnownModel.Expected> files = new ArrayList<>();
        for (JsonFields file : model.objects("files")) {
            files.add(new KnownModel.Expected(file.text("name"), file.number("bytes"), file.hash("sha256")));
        }
        List<KnownModel.Wheel> packages = new ArrayList<>();
        for (JsonFields wheel : model.objects("packages")) {
            packages.add(new KnownModel.Wheel(
                    wheel.text("name"), wheel.text("version"), wheel.number("bytes"), wheel.hash("sha256")));
        }
        return new KnownModel(
                ModelName.parse(model.text("name")),
                ModelSource.parse(model.text("source")),
                model.text("licence"),
                model.text("summary"),
                model.flag("default"),
                files,
                packages);
    }

    /** All, in the order in which they are offered. */
    public List<KnownModel> all() {
        return models;
    }

    /** The one of that name. */
    public Optional<KnownModel> find(ModelName name) {
        return models.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** What a fresh machine is offered. */
    public Optional<KnownModel> byDefault() {
        return models.stream().filter(KnownModel::isDefault).findFirst();
    }
}
