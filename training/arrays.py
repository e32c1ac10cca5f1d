"""Names for the array types that pass between the steps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

HalfArray = npt.NDArray[np.float16]
FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
DoubleArray = npt.NDArray[np.float64]
